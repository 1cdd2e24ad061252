package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/webhook"
	"github.com/ttshop-go/ttshop/webhook/event"
	"github.com/ttshop-go/ttshop/webhook/webhooktest"
)

// answerTime is how long the platform waits for an answer.
const answerTime = 3 * time.Second

// throughSandbox returns how the running sandbox delivers events.
func (o *triggerOptions) throughSandbox(ctx context.Context, sys *platform.Session, t event.Type, fields *settings) (sender, error) {
	if len(fields.envelope) > 0 {
		return nil, console.Usagef("--set %s: the sandbox makes the envelope itself; use --shop and --late, or --to to deliver without it", fields.envelope[0].path)
	}
	sb, err := platform.FindSandbox(ctx, sys, o.Sandbox)
	if err != nil {
		return nil, err
	}
	var data any
	if len(fields.data) > 0 {
		sample, err := sb.SampleWebhook(ctx, int(t), o.Shop)
		if err != nil {
			return nil, sb.Explain(err)
		}
		if data, err = fields.apply(sample); err != nil {
			return nil, err
		}
	}
	age := ""
	if o.Late > 0 {
		age = o.Late.String()
	}
	return func(ctx context.Context) ([]sentEvent, error) {
		raised, err := sb.TriggerWebhook(ctx, control.Trigger{Type: int(t), ShopID: o.Shop, Data: data, To: o.To, Age: age, Forged: o.Forged})
		if err != nil {
			err = sb.Explain(err)
			if addresses, askErr := sb.Webhook(ctx); askErr == nil && addresses.Address == "" && o.To == "" {
				err = fmt.Errorf("%w. Run ttshop listen --sandbox in another terminal, or give the receiver with --to", err)
			}
			return nil, err
		}
		sent := []sentEvent{o.ofSandbox(t, raised)}
		if o.Duplicate {
			again, err := sb.Resend(ctx, raised.ID)
			if err != nil {
				return sent, sb.Explain(err)
			}
			sent = append(sent, o.ofSandbox(t, again))
		}
		return sent, nil
	}, nil
}

func (o *triggerOptions) ofSandbox(t event.Type, r control.Triggered) sentEvent {
	d := sentEvent{Type: int(t), Topic: t.String(), Address: shownTarget(r.Address), Forged: o.Forged, Error: "the sandbox made no attempt yet"}
	if n := len(r.Attempts); n > 0 {
		last := r.Attempts[n-1]
		d.Status, d.DurationMS, d.Error, d.Accepted = last.Status, last.DurationMS, last.Error, last.Status == http.StatusOK
	}
	if r.Status == "RETRYING" {
		d.Note = "the sandbox tries again on the platform's schedule"
	}
	return d
}

// directly returns how the command delivers events itself.
func (o *triggerOptions) directly(sys *platform.Session, t event.Type, fields *settings) (sender, error) {
	key, err := o.app.ReadKey(sys)
	if err != nil {
		return nil, err
	}
	secret, err := o.app.Secret.Read(sys, &field.Inputs{Stdin: sys.In})
	if err != nil {
		return nil, err
	}
	app, err := webhook.NewApp(key, secret.Reveal())
	if err != nil {
		return nil, err
	}
	client := &http.Client{
		Timeout: answerTime,
		// No document says that the platform follows a redirect.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context) ([]sentEvent, error) {
		body, err := o.body(t, fields, sys.Now())
		if err != nil {
			return nil, err
		}
		times := 1
		if o.Duplicate {
			times = 2
		}
		var sent []sentEvent
		for range times {
			d, err := o.post(ctx, client, app, t, body)
			if err != nil {
				return sent, err
			}
			sent = append(sent, d)
		}
		return sent, nil
	}, nil
}

// body returns the body of a delivery: its sample, with times near now and the
// fields that were set.
func (o *triggerOptions) body(t event.Type, fields *settings, now time.Time) ([]byte, error) {
	sent := now.Add(-o.Late)
	original, err := webhook.Parse(event.Sample(t))
	if err != nil {
		return nil, fmt.Errorf("make a delivery: %w", err)
	}
	body := webhooktest.Sample(t, sent)
	const month = 30 * 24 * 60 * 60
	then := int64(original.Timestamp)
	times := regexp.MustCompile(`\b[0-9]{10}\b`) // or something else
	body = times.ReplaceAllFunc(body, func(digits []byte) []byte {
		if n, err := strconv.ParseInt(string(digits), 10, 64); err == nil && n > then-month && n < then+2*month && n != sent.Unix() {
			return strconv.AppendInt(nil, sent.Unix()+n-then, 10)
		}
		return digits
	})
	value, err := field.DecodeJSON(body)
	if err != nil {
		return nil, fmt.Errorf("make a delivery: %w", err)
	}
	envelope, _ := value.(map[string]any)
	if o.Shop != "" {
		if t.Owner() != event.OwnerShop {
			return nil, console.Usagef("--shop: %s is about an account, not a shop; use --set %s=…", t, t.Owner())
		}
		envelope["shop_id"] = o.Shop
	}
	if err := fields.applyTo(envelope); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := console.WriteJSON(&b, envelope); err != nil {
		return nil, fmt.Errorf("make a delivery: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// post delivers a body once. A missing answer is not an error of ours.
func (o *triggerOptions) post(ctx context.Context, client *http.Client, app webhook.App, t event.Type, body []byte) (sentEvent, error) {
	d := sentEvent{Type: int(t), Topic: t.String(), Address: shownTarget(o.To), Forged: o.Forged}
	r, err := webhooktest.Request(ctx, app, o.To, body)
	if err != nil {
		return d, err
	}
	if o.Forged {
		webhooktest.Forge(r)
	}
	began := time.Now()
	answer, err := client.Do(r)
	if err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
		answer.Body.Close()
	}
	d.DurationMS = float64(time.Since(began).Microseconds()) / 1000
	var wrapped *url.Error
	switch {
	case err != nil && ctx.Err() != nil:
		return d, err
	case errors.As(err, &wrapped) && wrapped.Timeout():
		d.Error = fmt.Sprintf("no answer for %s, which is how long the platform waits", answerTime)
	case errors.As(err, &wrapped):
		d.Error = wrapped.Err.Error()
	case err != nil:
		d.Error = err.Error()
	default:
		d.Status, d.Accepted = answer.StatusCode, answer.StatusCode == http.StatusOK
	}
	return d, nil
}

// setting is a field that --set sets.
type setting struct {
	path  string // as it was given
	steps []field.PathStep
	text  string
}

// settings are the fields that --set sets, of the envelope and of the data.
type settings struct {
	typ      event.Type
	now      time.Time
	envelope []setting
	data     []setting
}

// apply returns data with its fields set.
func (s *settings) apply(data json.RawMessage) (any, error) {
	value, err := field.DecodeJSON(data)
	if err != nil {
		return nil, fmt.Errorf("read the sample: %w", err)
	}
	return s.set(value, dataField(s.typ), s.data)
}

// applyTo sets the fields in a whole delivery.
func (s *settings) applyTo(envelope map[string]any) error {
	if _, err := s.set(envelope, envelopeField(), s.envelope); err != nil {
		return err
	}
	data, err := s.set(envelope["data"], dataField(s.typ), s.data)
	envelope["data"] = data
	return err
}
