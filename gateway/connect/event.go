package connect

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/ttshop-go/ttshop/tokenstore"
)

// EventType is what an event is about.
type EventType string

// The types of events.
const (
	EventConnected EventType = "grant.connected" // the user has authorized the app, or has done so again
	EventEnding    EventType = "grant.ending"    // the authorization ends within 30, 7 or 1 days
	EventLost      EventType = "grant.lost"      // the platform refuses to renew it: the user must authorize again
	EventWithdrawn EventType = "grant.withdrawn" // the user, or the operator, has ended it
)

// Event is what an application is told about a grant. It has no secrets.
type Event struct {
	ID          string     `json:"id"` // the same for each delivery of one event
	Type        EventType  `json:"type"`
	Time        time.Time  `json:"time"` // of what it tells
	Application string     `json:"application"`
	Grant       grant      `json:"grant"`
	Shops       []shop     `json:"shops"` // all of the grant or, of one that was withdrawn, those that are gone
	Days        int        `json:"days,omitempty"`
	Until       *time.Time `json:"until,omitempty"` // end of the authorization
	Reason      string     `json:"reason,omitempty"`
}

// grant is a grant for applications.
type grant struct {
	OpenID   string `json:"open_id"`
	UserType string `json:"user_type"` // seller, creator, partner or other
	Name     string `json:"name,omitempty"`
	Region   string `json:"region,omitempty"`
}

// shop is a shop for applications, which need no cipher.
type shop struct {
	ID     string `json:"id"`
	Code   string `json:"code"`
	Name   string `json:"name"`
	Region string `json:"region"`
}

func shopsOf(g tokenstore.Grant) []shop {
	list := make([]shop, len(g.Shops))
	for i, s := range g.Shops {
		list[i] = shop{s.ID, s.Code, s.Name, s.Region}
	}
	return list
}

// eventID names an event by what it is about, so that all deliveries of it, by
// whichever gateway, have one id.
func eventID(application, openID string, about EventType, mark string) string {
	sum := sha256.Sum256([]byte(application + "\x00" + openID + "\x00" + string(about) + "\x00" + mark))
	return "evt_" + hex.EncodeToString(sum[:16])
}

// deliver sends an event as the Standard Webhooks specification has it.
func (h *Handler) deliver(ctx context.Context, a *Application, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	key, err := a.key()
	if err != nil {
		return err
	}
	seconds := strconv.FormatInt(h.now().Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(e.ID + "." + seconds + "."))
	mac.Write(body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.EventsURL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "ttshop-gateway")
	req.Header.Set("Webhook-Id", e.ID)
	req.Header.Set("Webhook-Timestamp", seconds)
	req.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the application answered with HTTP %d", resp.StatusCode)
	}
	return nil
}

// returnTo returns where a user goes back to. What the gateway adds is signed: the
// HMAC-SHA-256, in hexadecimal, of the added parameters, sorted by name and encoded
// as in a query, without sign itself.
func (a *Application) returnTo(result url.Values, now time.Time) (string, error) {
	key, err := a.key()
	if err != nil {
		return "", err
	}
	to, err := url.Parse(a.ReturnURL)
	if err != nil {
		return "", err
	}
	result.Set("timestamp", strconv.FormatInt(now.Unix(), 10))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(result.Encode()))
	result.Set("sign", hex.EncodeToString(mac.Sum(nil)))
	query := to.Query()
	for name, values := range result {
		query[name] = values
	}
	to.RawQuery = query.Encode()
	return to.String(), nil
}
