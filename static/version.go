package static

// Version is that of the viewer. Pages and bundles say it, with a hash of what
// they were built of; see static/pack.
const Version = "0.9.0"
