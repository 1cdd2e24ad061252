package sandbox

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/globalproduct"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
)

// fill sets every field of a value, also those that are not exported, to
// something that is not its zero value.
func fill(t *testing.T, v reflect.Value, n *int64) {
	t.Helper()
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	*n++
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		*at = time.Unix(*n, 0).UTC()
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(time.Unix(*n, 0).UTC().Format(time.RFC3339))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(*n)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Map:
		element := reflect.New(v.Type().Elem())
		fill(t, element.Elem(), n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), element.Elem())
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, n)
		}
	default:
		t.Fatalf("no value for the kind %v", v.Kind())
	}
}

// Every field of a product is in a snapshot: whoever adds one learns it here.
func TestSnapshotKeepsProducts(t *testing.T) {
	t.Parallel()
	var p product.Product
	n := int64(0)
	fill(t, reflect.ValueOf(&p).Elem(), &n)
	p.ID, p.Number = "1729000000000000001", 1729000000000000001
	raw, err := json.Marshal(&p)
	if err != nil {
		t.Fatal(err)
	}
	var restored product.Product
	if err := keep.Decode(raw, &restored); err != nil {
		t.Fatal(err)
	}
	if err := restored.Restored(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p, restored) {
		t.Errorf("a product changes in a snapshot:\n%+v\n%+v", p, restored)
	}
}

// The same for global products.
func TestSnapshotKeepsGlobalProducts(t *testing.T) {
	t.Parallel()
	var p globalproduct.GlobalProduct
	n := int64(0)
	fill(t, reflect.ValueOf(&p).Elem(), &n)
	p.ID, p.Number = "1732000000000000001", 1732000000000000001
	raw, err := json.Marshal(&p)
	if err != nil {
		t.Fatal(err)
	}
	var restored globalproduct.GlobalProduct
	if err := keep.Decode(raw, &restored); err != nil {
		t.Fatal(err)
	}
	if err := restored.Restored(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p, restored) {
		t.Errorf("a global product changes in a snapshot:\n%+v\n%+v", p, restored)
	}
}
