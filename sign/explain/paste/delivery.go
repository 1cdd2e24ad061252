package paste

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
)

// authorization finds the header with its value, however it is written.
var authorization = regexp.MustCompile(`(?i)["']?authorization["']?[ \t]*[:=][ \t]*["'\[]*((?:bearer |sha256=|hmac )?[^\s"',\]}]*)`)

// authorizationIn returns the value of the header in a text.
func authorizationIn(text string) (string, bool) {
	found := authorization.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// isDelivery reports whether a text is a webhook's body with its header.
func isDelivery(text string) bool {
	if _, ok := authorizationIn(text); !ok {
		return false
	}
	body := objectIn(text)
	return body != "" && isEvent(body)
}

// isEvent reports whether an object has what the body of an event has.
func isEvent(body string) bool {
	var e struct {
		Type           *json.RawMessage `json:"type"`
		Data           *json.RawMessage `json:"data"`
		NotificationID *json.RawMessage `json:"tts_notification_id"`
		ShopID         *json.RawMessage `json:"shop_id"`
	}
	if json.Unmarshal([]byte(body), &e) != nil {
		return false
	}
	return e.NotificationID != nil || e.Type != nil && (e.Data != nil || e.ShopID != nil)
}

// readDelivery reads a webhook's body with its Authorization header, in any order.
func readDelivery(text string, _ func(string) ([]byte, error)) (Paste, error) {
	header, _ := authorizationIn(text)
	body := objectIn(text)
	if body == "" {
		return Paste{}, errors.New("it has no body that is a JSON object")
	}
	return Paste{Delivery: &Delivery{Body: []byte(body), Authorization: header}}, nil
}

// objectIn returns the largest JSON object in a text, exactly as it stands there;
// empty if there is none.
func objectIn(text string) string {
	longest := ""
	for _, object := range objectsIn(text) {
		if len(object) > len(longest) {
			longest = object
		}
	}
	return longest
}

// objectsIn returns the JSON objects in a text, exactly as they stand there.
func objectsIn(text string) []string {
	var list []string
	for at := 0; at < len(text); {
		begin := strings.IndexByte(text[at:], '{')
		if begin < 0 {
			break
		}
		at += begin
		decoder := json.NewDecoder(strings.NewReader(text[at:]))
		var object json.RawMessage
		if decoder.Decode(&object) != nil {
			at++
			continue
		}
		end := at + int(decoder.InputOffset())
		list = append(list, text[at:end])
		at = end
	}
	return list
}
