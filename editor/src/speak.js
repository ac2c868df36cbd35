// The language of the editor and how it writes dates.
import { setLocaleData } from "@wordpress/i18n";
import { getSettings, setSettings } from "@wordpress/date";

export function speak({ locale, dateSettings }) {
  if (locale) setLocaleData(locale);
  // Names of months and days are the package's own; the zone and the shapes are the site's.
  const own = getSettings();
  setSettings({ ...own, timezone: dateSettings.timezone, formats: { ...own.formats, ...dateSettings.formats } });
}
