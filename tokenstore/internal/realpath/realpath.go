// Package realpath finds the file that a path means, whether or not the file
// exists yet.
package realpath

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxLinks bounds how many links lead to a file, as operating systems do.
const maxLinks = 40

// Of returns the absolute path, without symbolic links, of a file that may not
// exist yet: opening a link must lead to the same files beside it as opening the
// path, even before the file is created. The folder must exist.
func Of(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	given := path
	for range maxLinks {
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, filepath.Base(path))
		target, err := os.Readlink(path)
		if err != nil {
			info, statErr := os.Lstat(path)
			if errors.Is(statErr, fs.ErrNotExist) || statErr == nil && info.Mode()&fs.ModeSymlink == 0 {
				return path, nil
			}
			return "", err
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(folder, target)
		}
		path = target
	}
	return "", fmt.Errorf("%s: more than %d links, or links in a cycle", given, maxLinks)
}
