package ask

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// The index of operations has what the catalogue and the phrases say.
func TestOperationIndex(t *testing.T) {
	t.Parallel()
	texts, err := operationTexts(new(catalog.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	checkIndexFile(t, "operations.bin.gz", encodeOperations(texts))
}

// checkIndexFile checks, or with -update-index writes, a compressed file.
func checkIndexFile(t *testing.T, name string, want []byte) {
	t.Helper()
	if *updateIndex {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date; run go generate ./...", name)
	}
}
