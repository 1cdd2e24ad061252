package world

// ControlPrefix is where the sandbox itself is steered; the platform has
// nothing there.
const ControlPrefix = "/_sandbox/"

// FilePrefix is where the pages and files are that answers made from shapes
// link to.
const FilePrefix = ControlPrefix + "files/"
