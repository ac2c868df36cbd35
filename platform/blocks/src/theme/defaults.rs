//! What WordPress sets before any theme: settings, presets and styles, and what blocks bring themselves.

use serde_json::{Value, json};

const PALETTE: &[(&str, &str, &str)] = &[
    ("black", "Black", "#000000"),
    ("cyan-bluish-gray", "Cyan bluish gray", "#abb8c3"),
    ("white", "White", "#ffffff"),
    ("pale-pink", "Pale pink", "#f78da7"),
    ("vivid-red", "Vivid red", "#cf2e2e"),
    ("luminous-vivid-orange", "Luminous vivid orange", "#ff6900"),
    ("luminous-vivid-amber", "Luminous vivid amber", "#fcb900"),
    ("light-green-cyan", "Light green cyan", "#7bdcb5"),
    ("vivid-green-cyan", "Vivid green cyan", "#00d084"),
    ("pale-cyan-blue", "Pale cyan blue", "#8ed1fc"),
    ("vivid-cyan-blue", "Vivid cyan blue", "#0693e3"),
    ("vivid-purple", "Vivid purple", "#9b51e0"),
];

/// Slug and name are said once each: the slug is the name in small letters with dashes. Then the colours at their places.
const GRADIENTS: &[(&str, &str)] = &[
    ("Vivid cyan blue to vivid purple", "6,147,227 0,155,81,224 100"),
    ("Light green cyan to vivid green cyan", "122,220,180 0,0,208,130 100"),
    (
        "Luminous vivid amber to luminous vivid orange",
        "252,185,0 0,255,105,0 100",
    ),
    ("Luminous vivid orange to vivid red", "255,105,0 0,207,46,46 100"),
    ("Very light gray to cyan bluish gray", "238,238,238 0,169,184,195 100"),
    (
        "Cool to warm spectrum",
        "74,234,220 0,151,120,209 20,207,42,186 40,238,44,130 60,251,105,98 80,254,248,76 100",
    ),
    ("Blush light purple", "255,206,236 0,152,150,240 100"),
    ("Blush bordeaux", "254,205,165 0,254,45,45 50,107,0,62 100"),
    ("Luminous dusk", "255,203,112 0,199,81,192 50,65,88,208 100"),
    ("Pale ocean", "255,245,203 0,182,227,212 50,51,167,181 100"),
    ("Electric grass", "202,248,128 0,113,206,126 100"),
    ("Midnight", "2,3,129 0,40,116,252 100"),
];

const DUOTONES: &[(&str, &str, [&str; 2])] = &[
    ("dark-grayscale", "Dark grayscale", ["#000000", "#7f7f7f"]),
    ("grayscale", "Grayscale", ["#000000", "#ffffff"]),
    ("purple-yellow", "Purple and yellow", ["#8c00b7", "#fcff41"]),
    ("blue-red", "Blue and red", ["#000097", "#ff4747"]),
    ("midnight", "Midnight", ["#000000", "#00a5ff"]),
    ("magenta-yellow", "Magenta and yellow", ["#c7005a", "#fff278"]),
    ("purple-green", "Purple and green", ["#a60072", "#67ff66"]),
    ("blue-orange", "Blue and orange", ["#1900d8", "#ffa96b"]),
];

const RATIOS: &[(&str, &str, &str)] = &[
    ("square", "Square - 1:1", "1"),
    ("4-3", "Standard - 4:3", "4/3"),
    ("3-4", "Portrait - 3:4", "3/4"),
    ("3-2", "Classic - 3:2", "3/2"),
    ("2-3", "Classic Portrait - 2:3", "2/3"),
    ("16-9", "Wide - 16:9", "16/9"),
    ("9-16", "Tall - 9:16", "9/16"),
];

const SHADOWS: &[(&str, &str, &str)] = &[
    ("natural", "Natural", "6px 6px 9px rgba(0, 0, 0, 0.2)"),
    ("deep", "Deep", "12px 12px 50px rgba(0, 0, 0, 0.4)"),
    ("sharp", "Sharp", "6px 6px 0px rgba(0, 0, 0, 0.2)"),
    (
        "outlined",
        "Outlined",
        "6px 6px 0px -3px rgb(255, 255, 255), 6px 6px rgb(0, 0, 0)",
    ),
    ("crisp", "Crisp", "6px 6px 0px rgb(0, 0, 0)"),
];

const SIZES: &[(&str, &str, &str)] = &[
    ("small", "Small", "13px"),
    ("medium", "Medium", "20px"),
    ("large", "Large", "36px"),
    ("x-large", "Extra Large", "42px"),
];

const BUTTON_WIDTHS: &[(&str, &str, &str)] = &[
    ("25", "25%", "25%"),
    ("50", "50%", "50%"),
    ("75", "75%", "75%"),
    ("100", "100%", "100%"),
];

fn list(table: &[(&str, &str, &str)], key: &str) -> Value {
    table
        .iter()
        .map(|(slug, name, value)| json!({ "name": name, "slug": slug, key: value }))
        .collect()
}

/// `R,G,B PLACE,R,G,B PLACE` as a gradient from the upper left.
fn gradient(colours: &str) -> String {
    let parts: Vec<&str> = colours.split([',', ' ']).collect();
    let stops: Vec<String> = parts
        .chunks_exact(4)
        .map(|part| format!("rgb({}) {}%", part[..3].join(","), part[3]))
        .collect();
    format!("linear-gradient(135deg,{})", stops.join(","))
}

fn gradients() -> Value {
    GRADIENTS
        .iter()
        .map(|(name, colours)| json!({ "name": name, "gradient": gradient(colours), "slug": name.to_lowercase().replace(' ', "-") }))
        .collect()
}

/// `theme.json` as WordPress ships it, in the version of today.
pub(crate) fn core() -> Value {
    json!({ "version": 3, "settings": settings(), "styles": styles() })
}

fn settings() -> Value {
    let duotones: Value = DUOTONES
        .iter()
        .map(|(slug, name, colours)| json!({ "name": name, "colors": colours, "slug": slug }))
        .collect();
    json!({
        "appearanceTools": false,
        "useRootPaddingAwareAlignments": false,
        "border": { "color": false, "radius": false, "style": false, "width": false },
        "background": { "gradient": false },
        "color": {
            "background": true, "button": true, "caption": true, "custom": true, "customDuotone": true, "customGradient": true,
            "defaultDuotone": true, "defaultGradients": true, "defaultPalette": true, "duotone": duotones,
            "gradients": gradients(), "heading": true, "link": false, "palette": list(PALETTE, "color"), "text": true
        },
        "dimensions": { "defaultAspectRatios": true, "aspectRatios": list(RATIOS, "ratio") },
        "shadow": { "defaultPresets": true, "presets": list(SHADOWS, "shadow") },
        "spacing": {
            "blockGap": null, "margin": false, "padding": false, "customSpacingSize": true, "defaultSpacingSizes": true,
            "units": ["px", "em", "rem", "vh", "vw", "%"],
            "spacingScale": { "operator": "*", "increment": 1.5, "steps": 7, "mediumStep": 1.5, "unit": "rem" }
        },
        "typography": {
            "customFontSize": true, "defaultFontSizes": true, "dropCap": true, "fontSizes": list(SIZES, "size"),
            "fontStyle": true, "fontWeight": true, "letterSpacing": true, "lineHeight": false, "textAlign": true,
            "textColumns": false, "textDecoration": true, "textIndent": "subsequent", "textTransform": true,
            "writingMode": false
        },
        "blocks": {
            "core/button": {
                "border": { "radius": true },
                "dimensions": { "width": true, "dimensionSizes": list(BUTTON_WIDTHS, "size") }
            },
            "core/image": { "lightbox": { "allowEditing": true } },
            "core/icon": { "dimensions": { "width": true } },
            "core/pullquote": { "border": { "color": true, "radius": true, "style": true, "width": true } }
        }
    })
}

fn styles() -> Value {
    json!({
        "blocks": { "core/icon": { "dimensions": { "width": "24px" } } },
        "elements": {
            "button": {
                "border": { "width": "0" },
                "color": { "text": "#fff", "background": "#32373c" },
                "spacing": { "padding": {
                    "top": "calc(0.667em + 2px)", "right": "calc(1.333em + 2px)",
                    "bottom": "calc(0.667em + 2px)", "left": "calc(1.333em + 2px)"
                } },
                "typography": {
                    "fontFamily": "inherit", "fontSize": "inherit", "fontStyle": "inherit", "fontWeight": "inherit",
                    "letterSpacing": "inherit", "lineHeight": "inherit", "textDecoration": "none", "textTransform": "inherit"
                }
            }
        },
        "spacing": {
            "blockGap": "24px",
            "padding": { "top": "0px", "right": "0px", "bottom": "0px", "left": "0px" }
        }
    })
}

/// What blocks bring themselves.
pub(crate) fn blocks() -> Value {
    json!({
        "version": 3,
        "styles": { "blocks": { "core/pullquote": { "typography": { "fontSize": "1.5em", "lineHeight": "1.6" } } } }
    })
}
