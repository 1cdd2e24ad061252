package ttshop_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
)

type fact struct {
	Code  int    `json:"code"`
	Class string `json:"class"`
	Retry string `json:"retry"`
}

func codeFacts(t *testing.T) []fact {
	t.Helper()
	raw, err := os.ReadFile("spec/facts/error-codes.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts []fact
	if err := json.Unmarshal(raw, &facts); err != nil {
		t.Fatal(err)
	}
	if len(facts) < 700 {
		t.Fatalf("%d codes", len(facts))
	}
	return facts
}

// The classes and the advice follow the catalogue of codes.
func TestClassesFollowTheFacts(t *testing.T) {
	t.Parallel()
	// Codes that deliberately have another class.
	other := map[int]error{
		36009033: ttshop.ErrUnauthorized, // the caller's address concerns access, not the seller's rights
		36009043: ttshop.ErrUnauthorized, // likewise a closed shop
		36009044: ttshop.ErrUnauthorized, // likewise a closed seller
		105004:   ttshop.ErrUnauthorized, // likewise the state of the authorization
		36004003: ttshop.ErrUnauthorized, // likewise an app that is not admitted
	}
	for _, f := range codeFacts(t) {
		want, advice := ttshop.ErrInvalidRequest, ""
		var fine error // the class that refines want
		switch f.Class {
		case "signature":
			want = ttshop.ErrSignature
		case "token":
			want = ttshop.ErrUnauthorized
		case "scope":
			want = ttshop.ErrScope
		case "rate_limit":
			want = ttshop.ErrRateLimited
		case "not_found":
			want = ttshop.ErrNotFound
		case "unavailable", "internal":
			want = ttshop.ErrUnavailable
		case "quota":
			fine = ttshop.ErrQuota
			if advice = "make room first"; f.Retry == "next_quota" {
				want, advice = ttshop.ErrRateLimited, "allowance"
			}
		case "state":
			fine, advice = ttshop.ErrState, "status forbids"
			if f.Retry == "backoff" {
				want, fine, advice = ttshop.ErrUnavailable, ttshop.ErrBusy, "still being processed"
			}
		case "already_done":
			fine, advice = ttshop.ErrAlreadyDone, "done before"
			if !errors.Is(&ttshop.Error{Code: f.Code, HTTPStatus: 200}, ttshop.ErrState) {
				t.Errorf("%d is not ErrState", f.Code)
			}
		case "conflict":
			fine, advice = ttshop.ErrConflict, "conflicts"
		case "permission":
			fine, advice = ttshop.ErrPermission, "does not have this right"
		case "invalid_request":
		default:
			t.Errorf("%d has the unknown class %s", f.Code, f.Class)
		}
		if o, ok := other[f.Code]; ok {
			want, fine, advice = o, nil, ""
		}
		if f.Code == 36009037 {
			advice = "next hour"
		}
		err := &ttshop.Error{Code: f.Code, HTTPStatus: 200, Message: "m"}
		if !errors.Is(err, want) || !errors.Is(want, ttshop.ErrInvalidRequest) && errors.Is(err, ttshop.ErrInvalidRequest) {
			t.Errorf("%d is not %v", f.Code, want)
		}
		if fine != nil && !errors.Is(err, fine) {
			t.Errorf("%d is not %v", f.Code, fine)
		}
		if !strings.Contains(err.Advice(), advice) {
			t.Errorf("%d: advice %q, want it to contain %q", f.Code, err.Advice(), advice)
		}
		interrupted := f.Class == "unavailable" || f.Class == "internal"
		err.Write = true
		if errors.Is(err, ttshop.ErrOutcomeUnknown) != interrupted {
			t.Errorf("%d of a write: outcome unknown = %t", f.Code, !interrupted)
		}
	}
}

func TestErrorParagraphs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want string
	}{
		{&ttshop.Error{Operation: "order.GetOrderList", HTTPStatus: 401, Code: 105005, Message: "no scope", RequestID: "R1", Scope: "seller.order.info"},
			`order.GetOrderList: the platform refused the call (code 105005, HTTP 401, request R1): "no scope". Add the scope seller.order.info to the app in Partner Center and let the seller authorize it again`},
		{&ttshop.Error{Operation: "product.X", HTTPStatus: 200, Code: 12052901, Message: "m"},
			`product.X: the platform refused the call (code 12052901, HTTP 200): "m". The object's status forbids the call; read the object to see where it stands`},
		{&ttshop.Error{Operation: "product.X", HTTPStatus: 200, Code: 12052910, Message: "m"},
			`product.X: the platform refused the call (code 12052910, HTTP 200): "m"`},
		{&ttshop.Error{Operation: "product.CreateProduct", HTTPStatus: 502, Write: true, IdempotencyKey: "K1", Check: "product.SearchProducts"},
			`product.CreateProduct: the platform refused the call (HTTP 502). The call may have been carried out; find out with product.SearchProducts before trying again, or repeat the call with the idempotency key K1`},
		{&ttshop.Error{Operation: "product.CreateProduct", HTTPStatus: 429, Write: true, Uncertain: true},
			`product.CreateProduct: the platform refused the call (HTTP 429). Wait a second, then twice as long each time, before calling again. An earlier attempt may have been carried out; read the object before trying again`},
		{&ttshop.TransportError{Operation: "fulfillment.ShipPackage", Write: true, Sent: true, Err: errors.New("EOF"), Check: "fulfillment.GetPackageDetail"},
			`fulfillment.ShipPackage: no answer that can be read: EOF. The platform may have carried the call out; find out with fulfillment.GetPackageDetail before trying again`},
		{&ttshop.ItemError{Operation: "product.X", Code: 12052901, Message: "wrong status", Raw: json.RawMessage(`{"code":12052901,"detail":{"sku":{"id":17},"product_id":"1","list":["a"],"none":null}}`)},
			`product.X: item product_id 1 sku.id 17 failed (code 12052901): "wrong status". The object's status forbids the call; read the object to see where it stands`},
		{&ttshop.LimitError{Operation: "order.GetOrderList", Reason: ttshop.LimitQueueFull}, `order.GetOrderList: not sent: too many calls of the operation are waiting already`},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
	if item := (&ttshop.ItemError{Code: 12052032}); !errors.Is(item, ttshop.ErrNotFound) || errors.Is(item, ttshop.ErrUnavailable) {
		t.Error("classes of an item")
	}
}
