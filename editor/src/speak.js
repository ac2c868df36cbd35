// The language of the editor, the side it is read from, and how it writes dates.
import { setLocaleData } from "@wordpress/i18n";
import { getSettings, setSettings } from "@wordpress/date";

// The packages ask for the side by this message of WordPress's.
const SIDE = "text direction\u0004ltr";

export function speak({ locale, dateSettings, rtl }) {
  if (locale) setLocaleData(locale);
  if (rtl) setLocaleData({ [SIDE]: ["rtl"] });
  if (!dateSettings) return;
  // Names of months and days are the package's own; the zone and the shapes are the site's.
  const own = getSettings();
  setSettings({ ...own, timezone: dateSettings.timezone, formats: { ...own.formats, ...dateSettings.formats } });
}
