package webhook_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Every topic has its method, named after its type, and the method hands out
// its own topic and no other.
func TestEveryTopicHasItsMethod(t *testing.T) {
	t.Parallel()
	methods := 0
	mux := reflect.TypeFor[*webhook.Mux]()
	for method := range mux.Methods() {
		if name := method.Name; strings.HasPrefix(name, "On") && name != "On" && name != "OnOther" {
			methods++
		}
	}
	if methods != len(event.Types()) {
		t.Errorf("%d typed methods for %d types", methods, len(event.Types()))
	}
	for _, typ := range event.Types() {
		name := reflect.TypeOf(event.New(typ)).Elem().Name()
		var m webhook.Mux
		method := reflect.ValueOf(&m).MethodByName("On" + name)
		if !method.IsValid() {
			t.Errorf("no method On%s", name)
			continue
		}
		want := errors.New("called")
		var got event.Typed
		f := reflect.MakeFunc(method.Type().In(0), func(args []reflect.Value) []reflect.Value {
			got = args[1].Interface().(event.Typed)
			return []reflect.Value{reflect.ValueOf(want)}
		})
		method.Call([]reflect.Value{f})
		for _, other := range event.Types() {
			got = nil
			e := parse(t, string(event.Sample(other)))
			e.SetApp("k")
			err := m.Handle(t.Context(), e)
			if other != typ {
				if got != nil || err != nil {
					t.Errorf("On%s is called for %s: %v", name, other, err)
				}
				continue
			}
			if !errors.Is(err, want) || got == nil || got.Topic() != typ || got.Head().Meta.Key != e.Meta.Key {
				t.Errorf("On%s: got %+v, error %v", name, got, err)
			}
		}
	}
}

func TestMuxOther(t *testing.T) {
	t.Parallel()
	var m webhook.Mux
	if err := m.Handle(t.Context(), parse(t, `{"type":99}`)); err != nil {
		t.Errorf("an empty mux fails: %v", err)
	}
	var got []event.Type
	m.OnOther(func(_ context.Context, e *webhook.Event) error { got = append(got, e.Type); return nil })
	m.On(98, func(context.Context, *webhook.Event) error { return nil })
	for _, body := range []string{`{"type":99}`, `{"type":98}`, `{"type":1}`, `{}`} {
		if err := m.Handle(t.Context(), parse(t, body)); err != nil {
			t.Error(err)
		}
	}
	if want := []event.Type{99, 1, 0}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
