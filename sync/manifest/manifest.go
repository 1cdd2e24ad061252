// Package manifest lists the files of an export. A manifest is written last and put in
// its place in one step: what it lists is there as a whole.
package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Name is the name of the file.
const Name = "manifest.json"

// A Manifest is what an export came to.
type Manifest struct {
	Made   string `json:"made"` // when, as of RFC 3339
	Format string `json:"format"`
	Schema int    `json:"schema"` // version of the layout of tables
	Files  []File `json:"files"`
	// Unfit are values that the format has no place for. They are NULL in the files.
	Unfit []Unfit `json:"unfit,omitempty"`
}

// A File is a file of an export.
type File struct {
	Table  string `json:"table"`
	File   string `json:"file"` // below the folder, with slashes
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// An Unfit is a value that was left out.
type Unfit struct {
	Table  string `json:"table"`
	Shop   string `json:"shop_id"`
	Key    string `json:"key"`
	Column string `json:"column"`
	Value  string `json:"value"`
}

// Rows is the number of rows in all files.
func (m *Manifest) Rows() int {
	n := 0
	for _, f := range m.Files {
		n += f.Rows
	}
	return n
}

// Read reads the manifest of a folder. There is none where the error is
// [fs.ErrNotExist].
func Read(folder string) (*Manifest, error) {
	text, err := os.ReadFile(filepath.Join(folder, Name))
	if err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", Name, err)
	}
	return m, nil
}

// Write replaces the manifest of a folder.
func (m *Manifest) Write(folder string) error {
	err := Replace(filepath.Join(folder, Name), func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(m)
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", Name, err)
	}
	return nil
}

// Replace writes a file beside its place, then puts it there in one step.
func Replace(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), Unfinished+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			if removed := os.Remove(file.Name()); !errors.Is(removed, fs.ErrNotExist) {
				err = errors.Join(err, removed)
			}
		}
	}()
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// Unfinished is how names of files begin that are being written.
const Unfinished = ".export-"
