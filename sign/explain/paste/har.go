package paste

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sign/explain"
)

// harEntry is what is read of an entry beside its request.
type harEntry struct {
	Started string          `json:"startedDateTime"`
	Request json.RawMessage `json:"request"`

	// A request by itself.
	Method      string          `json:"method"`
	URL         string          `json:"url"`
	HTTPVersion json.RawMessage `json:"httpVersion"`
	Headers     json.RawMessage `json:"headers"`
	PostData    json.RawMessage `json:"postData"`

	Log *struct {
		Entries []json.RawMessage `json:"entries"`
	} `json:"log"`
}

// entriesOf returns the entries of a HAR file, of an entry or of a request alone.
func entriesOf(text string) ([]json.RawMessage, bool) {
	var e harEntry
	if json.Unmarshal([]byte(text), &e) != nil {
		return nil, false
	}
	var request struct {
		URL *string `json:"url"`
	}
	headers := strings.TrimSpace(string(e.Headers))
	switch {
	case e.Log != nil:
		return e.Log.Entries, true
	case json.Unmarshal(e.Request, &request) == nil && request.URL != nil:
		return []json.RawMessage{json.RawMessage(text)}, true
	case e.URL != "" && e.Method != "" && (strings.HasPrefix(headers, "[") || e.PostData != nil || e.HTTPVersion != nil):
		whole, err := json.Marshal(map[string]json.RawMessage{"request": json.RawMessage(text)})
		return []json.RawMessage{whole}, err == nil
	}
	return nil, false
}

func isHAR(text string) bool {
	_, ok := entriesOf(text)
	return ok
}

// readHAR reads a HAR file, one of its entries, or the request of an entry.
func readHAR(text string, _ func(string) ([]byte, error)) (Paste, error) {
	entries, _ := entriesOf(text)
	var p Paste
	for _, raw := range entries {
		var e harEntry
		if err := json.Unmarshal(raw, &e); err != nil {
			return Paste{}, errors.New("an entry is not an object with a request")
		}
		var seen struct {
			Method  string `json:"method"`
			URL     string `json:"url"`
			Headers []struct {
				Name, Value string
			} `json:"headers"`
			PostData *struct {
				Text string `json:"text"`
			} `json:"postData"`
		}
		if err := json.Unmarshal(e.Request, &seen); err != nil {
			return Paste{}, errors.New("a request does not have the form of a HAR file")
		}
		if !isCall(seen.URL) {
			if d := deliveryOf(seen.Method, seen.Headers, seen.PostData); d != nil && len(entries) == 1 {
				return Paste{Delivery: d}, nil
			}
			continue
		}
		file, err := json.Marshal(map[string]any{"log": map[string]any{"entries": []json.RawMessage{raw}}})
		if err != nil {
			return Paste{}, err
		}
		requests, err := explain.ParseHAR(file)
		if err != nil {
			return Paste{}, bare(err)
		}
		sent, _ := time.Parse(time.RFC3339Nano, e.Started) // where there is none, nobody knows
		for _, r := range requests {
			p.Requests = append(p.Requests, Request{Request: r, Whole: len(seen.Headers) > 0, Sent: sent})
		}
	}
	if len(p.Requests) == 0 {
		return Paste{}, errors.New("none of its requests has a parameter sign or app_key")
	}
	return p, nil
}

// deliveryOf returns the delivery that a request is, nil if it is none.
func deliveryOf(method string, headers []struct{ Name, Value string }, data *struct {
	Text string `json:"text"`
}) *Delivery {
	if method != http.MethodPost || data == nil {
		return nil
	}
	for _, header := range headers {
		if strings.EqualFold(header.Name, "authorization") {
			return &Delivery{Body: []byte(data.Text), Authorization: header.Value}
		}
	}
	return nil
}
