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

// Of returns the absolute path, without symbolic links, of a file that may be
// missing, as may its folders. All paths that lead to a file must give the same
// files beside it, even before it is made.
func Of(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	links := 0
	resolved, err := resolve(path, &links)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return resolved, nil
}

// resolve follows the links of an absolute path and counts them.
func resolve(path string, links *int) (string, error) {
	for {
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if errors.Is(err, fs.ErrNotExist) {
			folder, err = resolve(filepath.Dir(path), links)
		}
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, filepath.Base(path))
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if *links++; *links > maxLinks {
			return "", fmt.Errorf("more than %d links, or links in a cycle; point the path at a file", maxLinks)
		}
		target, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(folder, target)
		}
		path = target
	}
}
