// Package webhooktest makes signed deliveries as the platform sends them, for
// tests and experiments.
package webhooktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/internal/wire"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// Complete fills in what the envelope of a typed event lacks: its type, a new
// notification id, the current time, and an invented owner. It returns the event.
func Complete[E event.Typed](e E) E {
	head := e.Head()
	head.Type = e.Topic()
	if head.NotificationID == "" {
		head.NotificationID = NotificationID()
	}
	if head.Timestamp == 0 {
		head.Timestamp = event.UnixTime(time.Now().Unix())
	}
	if head.Account() == "" {
		sample, err := webhook.Parse(event.Sample(head.Type))
		if err == nil {
			head.SetAccount(head.Type.Owner(), sample.Account())
		}
	}
	return e
}

// Body returns the body of a delivery of a typed event, completed.
func Body(e event.Typed) []byte {
	body, err := wire.Marshal(Complete(e))
	if err != nil {
		panic(fmt.Sprintf("webhooktest: encoding %T: %v", e, err)) // typed events always encode
	}
	return body
}

// Sample returns the body of a complete delivery of a type, with invented
// content, a new notification id and the time sent. A zero time means now. It
// returns nil for an unknown type.
func Sample(t event.Type, sent time.Time) []byte {
	typed, err := sample(t, sent)
	if err != nil {
		return nil
	}
	body, err := wire.Marshal(typed)
	if err != nil {
		panic(fmt.Sprintf("webhooktest: encoding a sample of %s: %v", t, err)) // typed events always encode
	}
	return body
}

func sample(t event.Type, sent time.Time) (event.Typed, error) {
	e, err := webhook.Parse(event.Sample(t))
	if err != nil {
		return nil, fmt.Errorf("no sample of type %d", int(t))
	}
	typed, err := e.Typed()
	if err != nil {
		return nil, err
	}
	if sent.IsZero() {
		sent = time.Now()
	}
	head := typed.Head()
	if head.NotificationID != "" {
		head.NotificationID = NotificationID()
	}
	head.Timestamp = event.UnixTime(sent.Unix())
	return typed, nil
}

// Set returns the body with fields set. A path is dotted, a number in it is an
// index, and it begins in the data unless it names a field of the envelope:
// order_status, package_list.0.package_id, shop_id. A value is read as JSON of
// the field's kind, so that text needs no quotes.
func Set(body []byte, fields map[string]string) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("webhooktest: reading the body: %w", err)
	}
	envelope := []string{"type", "tts_notification_id", "shop_id", "seller_open_id", "creator_open_id", "timestamp", "data"}
	for path, value := range fields {
		steps := strings.Split(path, ".")
		if tree["data"] != nil && !slices.Contains(envelope, steps[0]) {
			steps = slices.Insert(steps, 0, "data")
		}
		if err := set(tree, steps, value); err != nil {
			return nil, fmt.Errorf("webhooktest: setting %s: %w", path, err)
		}
	}
	return wire.Marshal(tree)
}

func set(node any, steps []string, value string) error {
	for i, step := range steps {
		last := i == len(steps)-1
		switch container := node.(type) {
		case map[string]any:
			if last {
				container[step] = like(container[step], value)
				return nil
			}
			if container[step] == nil {
				container[step] = map[string]any{}
			}
			node = container[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(container) {
				return fmt.Errorf("%s is not an index of a list of %d", step, len(container))
			}
			if last {
				container[n] = like(container[n], value)
				return nil
			}
			node = container[n]
		default:
			return fmt.Errorf("%s names a member of a value that has none", step)
		}
	}
	return nil
}

// like returns text as a value of the same kind as old.
func like(old any, text string) any {
	if _, isText := old.(string); isText {
		return text
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() {
		return text
	}
	if _, isNumber := v.(json.Number); isNumber && old == nil {
		return text // ids are text unless the sample says otherwise
	}
	return v
}

// NotificationID returns an id in the platform's form, different each time.
func NotificationID() string {
	return strconv.FormatInt(7_600_000_000_000_000_000+rand.Int64N(1_000_000_000_000_000_000), 10)
}

// Request returns a signed delivery of a body to a URL.
func Request(ctx context.Context, app webhook.App, url string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("webhooktest: making a delivery: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", app.Sign(body))
	return r, nil
}

// Forge turns a delivery into one that the platform never sent: its signature has
// the right form but is wrong.
func Forge(r *http.Request) {
	signature := []byte(r.Header.Get("Authorization"))
	if len(signature) == 0 {
		signature = bytes.Repeat([]byte("0"), 64)
	}
	const digits = "0123456789abcdef"
	i := rand.IntN(len(signature))
	signature[i] = digits[(strings.IndexByte(digits, signature[i])+1+rand.IntN(15))%16]
	r.Header.Set("Authorization", string(signature))
}
