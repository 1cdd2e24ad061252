// Package pagetest looks at the pages of the sandbox with a real browser. It
// holds tests only, in a module of its own, since nobody else needs a browser.
package pagetest
