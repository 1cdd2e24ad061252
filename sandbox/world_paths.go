package sandbox

// controlPrefix is where the sandbox itself is steered; the platform has
// nothing there.
const controlPrefix = "/_sandbox/"

// filePrefix is where the pages and files are that answers made from shapes
// link to.
const filePrefix = controlPrefix + "files/"
