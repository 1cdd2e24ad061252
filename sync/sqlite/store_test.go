package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/ttshop-go/ttshop/sync"
	"github.com/ttshop-go/ttshop/sync/sqlite"
	"github.com/ttshop-go/ttshop/sync/synctest"
)

func TestDestination(t *testing.T) {
	t.Parallel()
	synctest.Run(t, synctest.Place{
		Open: func(t *testing.T) sync.Destination {
			s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		Look: look,
	})
}

func look(t *testing.T, d sync.Destination, table string) []map[string]string {
	t.Helper()
	rows, err := d.(*sqlite.Store).DB().QueryContext(t.Context(), `select * from "`+table+`"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for rows.Next() {
		values, targets := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		one := map[string]string{}
		for i, v := range values {
			if v != nil {
				one[names[i]] = fmt.Sprint(v)
			}
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
