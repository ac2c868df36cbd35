// The styles of the packages where the site is read from the right: they take the place of those of `styles.js`, in the same order.
import "../node_modules/@wordpress/components/build-style/style-rtl.css";
import "../node_modules/@wordpress/block-editor/build-style/style-rtl.css";
import "../node_modules/@wordpress/block-library/build-style/style-rtl.css";
import "../node_modules/@wordpress/block-library/build-style/editor-rtl.css";
import "../node_modules/@wordpress/editor/build-style/style-rtl.css";
import "../node_modules/@wordpress/edit-post/build-style/style-rtl.css";
import "../node_modules/@wordpress/format-library/build-style/style-rtl.css";
import "../node_modules/@wordpress/preferences/build-style/style-rtl.css";
import "../node_modules/@wordpress/commands/build-style/style-rtl.css";
import "../node_modules/@wordpress/patterns/build-style/style-rtl.css";
import "../node_modules/@wordpress/media-utils/build-style/style-rtl.css";
import "./look.css";
