// The part of WordPress's editor that talks to the API, as one script for a page: nothing in it is ours.
export { default as apiFetch } from "@wordpress/api-fetch";
export { store } from "@wordpress/core-data";
export { dispatch, resolveSelect, select } from "@wordpress/data";
