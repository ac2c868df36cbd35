// The styles of the frame in which the text is written: those of blocks and of the editor's marks between them. The theme's come beside.
import "../node_modules/@wordpress/components/build-style/style.css";
import "../node_modules/@wordpress/block-editor/build-style/content.css";
import "../node_modules/@wordpress/block-library/build-style/style.css";
import "../node_modules/@wordpress/block-library/build-style/editor.css";
import "../node_modules/@wordpress/block-library/build-style/theme.css";
import "./canvas.css";
