package keep

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// What a restored state may lack.
var (
	ErrMissing = errors.New("is missing")
	ErrEmpty   = errors.New("is empty, want at least one")
)

// First returns the first error, or nil.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckEach checks the elements of the list of a name.
func CheckEach[T any](name string, list []T, check func(v *T) error) error {
	for i := range list {
		if err := check(&list[i]); err != nil {
			return Placed(name+"["+strconv.Itoa(i)+"]", err)
		}
	}
	return nil
}

// CheckKeyed checks the values of a map in the order of its keys. The map is
// there, since it is written to.
func CheckKeyed[T any](name string, table map[string]T, check func(key string, v T) error) error {
	if table == nil {
		return Placed(name, ErrMissing)
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if err := check(key, table[key]); err != nil {
			return Placed(name+"["+strconv.Quote(key)+"]", err)
		}
	}
	return nil
}

// CheckID checks that an id is a number.
func CheckID(name, id string) error {
	_, err := invent.ParseID(id)
	return Placed(name, err)
}

// CheckIDs checks ids that may not come twice.
func CheckIDs[T any](name string, list []T, id func(v *T) string) error {
	seen := make(map[string]bool, len(list))
	return CheckEach(name, list, func(v *T) error {
		value := id(v)
		if err := CheckID("id", value); err != nil {
			return err
		}
		if seen[value] {
			return Placed("id", fmt.Errorf("%s comes twice", value))
		}
		seen[value] = true
		return nil
	})
}

// CheckOneOf checks a value of a closed list.
func CheckOneOf(name, value string, known ...string) error {
	if !slices.Contains(known, value) {
		return Placed(name, fmt.Errorf("is %.40q, want one of %q", value, known))
	}
	return nil
}
