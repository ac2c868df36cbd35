//! Themes, templates, patterns, menus, fonts, additional CSS.
