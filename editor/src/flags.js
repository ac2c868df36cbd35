// Must come before any of WordPress's packages.
globalThis.IS_GUTENBERG_PLUGIN = false;
globalThis.IS_WORDPRESS_CORE = false;
globalThis.SCRIPT_DEBUG = false;
