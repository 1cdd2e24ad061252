package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What is in the tree is what the spec makes.
func TestUpToDate(t *testing.T) {
	t.Parallel()
	if err := runGenerate(filepath.Join("..", ".."), true); err != nil {
		t.Error(err)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := map[string][]byte{"a.txt": []byte("a"), "b/c.txt": []byte("c")}
	if err := os.WriteFile(filepath.Join(dir, "stale.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	different, err := compareFolder(dir, files)
	if err != nil || len(different) != 3 {
		t.Errorf("before writing: %v, %v", different, err)
	}
	if err := writeFolder(dir, files); err != nil {
		t.Fatal(err)
	}
	if different, err = compareFolder(dir, files); err != nil || len(different) != 0 {
		t.Errorf("after writing: %v, %v", different, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "stale.txt")); !os.IsNotExist(err) {
		t.Errorf("the stale file is still there: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if different, err = compareFolder(dir, files); err != nil || len(different) != 1 || different[0] != "a.txt" {
		t.Errorf("after a change: %v, %v", different, err)
	}
}
