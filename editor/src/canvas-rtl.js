// The styles of the frame for a text that is read from the right: they take the place of those of `canvas.js`.
import "../node_modules/@wordpress/components/build-style/style-rtl.css";
import "../node_modules/@wordpress/block-editor/build-style/content-rtl.css";
import "../node_modules/@wordpress/block-library/build-style/style-rtl.css";
import "../node_modules/@wordpress/block-library/build-style/editor-rtl.css";
import "../node_modules/@wordpress/block-library/build-style/theme-rtl.css";
import "./canvas.css";
