package apitest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// platformAnswers is where recorded answers of the platform lie.
const platformAnswers = "../../sandbox/testdata/platform/answers"

// beyond are recorded operations that the catalogue lacks, with the reason.
var beyond = map[string]string{}

// What the platform really answered arrives in the results: no field is lost and
// none has another type. A recording that is added is tested without new code.
func TestPlatformAnswersDecode(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(platformAnswers, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings in %s (%v)", platformAnswers, err)
	}
	var c catalog.Catalog
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var recorded struct {
				Operation string
				Data      any
			}
			decoder := json.NewDecoder(bytes.NewReader(raw))
			decoder.UseNumber()
			if err := decoder.Decode(&recorded); err != nil {
				t.Fatal(err)
			}
			method, path, _ := strings.Cut(recorded.Operation, " ")
			if strings.HasPrefix(path, "/api/v2/token/") {
				t.Skip("package oauth reads it, and tests it")
			}
			e, ok := c.Find(method, path)
			if reason := beyond[recorded.Operation]; reason != "" && !ok {
				t.Skip(reason)
			} else if reason != "" {
				t.Errorf("the catalogue has %s: it needs no exception", recorded.Operation)
			}
			if !ok {
				t.Fatalf("the catalogue has no operation %q", recorded.Operation)
			}
			call := newCall(t, &c, e)
			params := call.newParams()
			fillPath(params.Elem())
			result, err := call.do(t.Context(), params, recorded.Data)
			if err != nil {
				t.Fatal(err)
			}
			compare(e.FullName(), recorded.Data, result, t.Errorf)
		})
	}
}
