"""Static files under names that contain their content's hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import "./canvas.js";` inside ES modules; each such line must end with its semicolon."""

    support_js_module_import_aggregation = True
