//! Sizes and spans of time in words.

const SECONDS: [(f64, &str); 7] = [
    (31_536_000.0, "year"),
    (2_592_000.0, "month"),
    (604_800.0, "week"),
    (86_400.0, "day"),
    (3600.0, "hour"),
    (60.0, "minute"),
    (1.0, "second"),
];

const UNITS: [&str; 9] = ["B", "KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/// A number of bytes in the largest unit that it reaches; `None` below zero.
pub fn size_format(bytes: f64, decimals: usize) -> Option<String> {
    if bytes == 0.0 {
        return Some(format!("{} B", number_format(0.0, decimals)));
    }
    let sizes = (0..).zip(UNITS).map(|(power, unit)| (unit, 1024_f64.powi(power)));
    let (unit, size) = sizes.take_while(|(_, size)| bytes >= *size).last()?;
    Some(format!("{} {unit}", number_format(bytes / size, decimals)))
}

/// A number with commas between thousands; halves are rounded away from zero.
pub fn number_format(number: f64, decimals: usize) -> String {
    let decimals = decimals.min(15);
    let scale = 10_f64.powi(decimals as i32);
    let rounded = if number.abs() < 1e15 {
        (number * scale).round() / scale
    } else {
        number
    };
    let text = format!("{:.decimals$}", rounded.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    if rounded < 0.0 {
        out.push('-');
    }
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

/// The time between two moments (in seconds), in the largest unit that fits, rounded: `5 minutes`.
pub fn human_time_diff(from: i64, to: i64) -> String {
    let span = from.abs_diff(to) as f64;
    let (size, unit) = SECONDS
        .into_iter()
        .find(|(size, _)| span >= *size)
        .unwrap_or((1.0, "second"));
    let count = (span / size).round().max(1.0);
    let plural = if count == 1.0 { "" } else { "s" };
    format!("{} {unit}{plural}", number_format(count, 0))
}
