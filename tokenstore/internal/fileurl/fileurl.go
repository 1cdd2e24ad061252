// Package fileurl reads the path out of a store's URL.
package fileurl

import (
	"errors"
	"strings"
)

// Path returns the path in the part of a URL after the scheme: PATH, //PATH or
// ///PATH.
func Path(rest string) (string, error) {
	path := rest
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		path = after
		if !strings.HasPrefix(path, "/") {
			return "", errors.New("tokenstore: the URL of a file names a host; want file:PATH or file:///PATH")
		}
	}
	if path == "" {
		return "", errors.New("tokenstore: the URL of a file has no path; want file:PATH")
	}
	return path, nil
}
