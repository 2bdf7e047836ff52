"""The front-end build: pinned npm packages → web/static/vendor/."""
