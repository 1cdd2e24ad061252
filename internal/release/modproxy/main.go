// Command modproxy writes a module proxy on disk, with one version of some modules
// of a source tree:
//
//	modproxy -root TREE -version v0.2.0 -out PROXY FOLDER ...
//
// A folder is that of a go.mod below the root; "." is the root itself. GOPROXY finds
// the result as file://PROXY.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	root := flag.String("root", ".", "the source `TREE`; it holds nothing but the source")
	version := flag.String("version", "", "the `VERSION` of all modules")
	out := flag.String("out", "", "the `PROXY`'s folder")
	flag.Parse()
	if *version == "" || *out == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	for _, folder := range flag.Args() {
		if err := publish(*root, folder, *version, *out); err != nil {
			fmt.Fprintf(os.Stderr, "modproxy: %s: %v\n", folder, err)
			os.Exit(1)
		}
	}
}

// publish writes one version of the module in a folder, in the layout that GOPROXY
// defines.
func publish(root, folder, version, out string) (err error) {
	dir := filepath.Join(root, folder)
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	file, err := modfile.Parse("go.mod", mod, nil)
	if err != nil {
		return err
	}
	if len(file.Replace) > 0 {
		return errors.New("go.mod replaces modules, which counts for nobody else: go.work is the place for it")
	}
	m := module.Version{Path: file.Module.Mod.Path, Version: version}
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	at := filepath.Join(out, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, time.Now().UTC()})
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"list": []byte(version + "\n"), version + ".info": info, version + ".mod": mod} {
		if err := os.WriteFile(filepath.Join(at, name), data, 0o644); err != nil {
			return err
		}
	}
	archive, err := os.Create(filepath.Join(at, version+".zip"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	// It leaves out the modules inside.
	return zip.CreateFromDir(archive, m, dir)
}
