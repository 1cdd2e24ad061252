package webhook_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// On takes the topic from the type: every type has its own topic, on a new value
// and on what event.New returns, and its sample decodes into it.
func TestEveryTopicHasItsType(t *testing.T) {
	t.Parallel()
	owners := map[reflect.Type]event.Type{}
	for _, typ := range event.Types() {
		typed := event.New(typ)
		if typed == nil {
			t.Errorf("no type for %s", typ)
			continue
		}
		of := reflect.TypeOf(typed).Elem()
		if former, taken := owners[of]; taken {
			t.Errorf("%s has the type of %s, %s", typ, former, of)
		}
		owners[of] = typ
		if got := reflect.New(of).Interface().(event.Typed).Topic(); got != typ {
			t.Errorf("Topic of %s is %s, want %s", of, got, typ)
		}
		if err := parse(t, string(event.Sample(typ))).Into(typed); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
	}
}

// A function registered with On gets the events of its topic and no others, in
// its type and with the head of the delivery, and its error is returned.
func TestOn(t *testing.T) {
	t.Parallel()
	t.Run("order", onlyItsOwn[event.OrderStatusChange])
	t.Run("goods", onlyItsOwn[event.GoodsMatch])
	t.Run("image", onlyItsOwn[event.ImageTranslationCompleted])
	t.Run("deauthorization", onlyItsOwn[event.SellerDeauthorization])
}

func onlyItsOwn[E any, P interface {
	*E
	event.Typed
}](t *testing.T) {
	t.Parallel()
	typ := P(new(E)).Topic()
	want := errors.New("called")
	var got P
	var m webhook.Mux
	webhook.On(&m, func(_ context.Context, e P) error { got = e; return want })
	for _, other := range event.Types() {
		got = nil
		e := parse(t, string(event.Sample(other)))
		e.SetApp("k")
		err := m.Handle(t.Context(), e)
		if other != typ {
			if got != nil || err != nil {
				t.Errorf("the function for %s is called for %s: %v", typ, other, err)
			}
			continue
		}
		expected, decodeErr := e.Typed()
		if decodeErr != nil {
			t.Fatal(decodeErr)
		}
		if !errors.Is(err, want) || !reflect.DeepEqual(expected, event.Typed(got)) {
			t.Errorf("got %+v, error %v; want %+v", got, err, expected)
		}
	}
}

// newTopic is a topic that package event does not know.
type newTopic struct {
	event.Envelope
	Data struct {
		ID string `json:"id"`
	} `json:"data"`
}

func (newTopic) Topic() event.Type { return 99 }

func TestOnOwnTypeAndRemoval(t *testing.T) {
	t.Parallel()
	app, err := webhook.NewApp("k", "s")
	if err != nil {
		t.Fatal(err)
	}
	h := webhook.NewHandler(app)
	var ids []string
	webhook.On(h, func(_ context.Context, e *newTopic) error { ids = append(ids, e.Data.ID); return nil })
	if err := h.Handle(t.Context(), parse(t, `{"type":99,"data":{"id":7}}`)); err != nil {
		t.Error(err)
	}
	if err := h.Handle(t.Context(), parse(t, `{"type":99,"data":[1,2]}`)); err == nil {
		t.Error("data that do not fit the type are handled")
	}
	webhook.On[newTopic](h, nil)
	if err := h.Handle(t.Context(), parse(t, `{"type":99,"data":{"id":8}}`)); err != nil {
		t.Error(err)
	}
	if !slices.Equal(ids, []string{"7"}) {
		t.Errorf("called for %v, want [7]", ids)
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
