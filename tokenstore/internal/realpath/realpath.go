// Package realpath finds the file that a path means, whether or not the file is
// there yet.
package realpath

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxLinks bounds how many links lead to a file, as systems do.
const maxLinks = 40

// Of returns the absolute path without symbolic links of a file that may be
// missing: whoever comes by a link must get to the same files beside it as who
// comes by the path, also before the file is made. The folder must be there.
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
	return "", fmt.Errorf("%s: more than %d links, or links in a circle", given, maxLinks)
}
