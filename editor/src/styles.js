// The styles of the packages; several are not among their exports and are taken by their file.
import "../node_modules/@wordpress/components/build-style/style.css";
import "../node_modules/@wordpress/block-editor/build-style/style.css";
import "../node_modules/@wordpress/block-library/build-style/style.css";
import "../node_modules/@wordpress/block-library/build-style/editor.css";
import "../node_modules/@wordpress/editor/build-style/style.css";
import "../node_modules/@wordpress/edit-post/build-style/style.css";
import "../node_modules/@wordpress/format-library/build-style/style.css";
import "../node_modules/@wordpress/preferences/build-style/style.css";
import "../node_modules/@wordpress/commands/build-style/style.css";
import "../node_modules/@wordpress/patterns/build-style/style.css";
import "../node_modules/@wordpress/media-utils/build-style/style.css";
import "./look.css";
