//! Block renderers, styles, template resolution: prefetch, then pure rendering.
