package affiliatechat

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// messageContent is what the content of a message can hold. Sizes come as text or
// as numbers.
type messageContent struct {
	Content string          `json:"content"`
	URL     string          `json:"url"`
	Width   json.RawMessage `json:"width"`
	Height  json.RawMessage `json:"height"`
	Product string          `json:"product_id"`
	Target  string          `json:"target_collaboration_id"`
	Apply   string          `json:"apply_id"`
}

// obstacle says why content does not fit its type, "" where it does. Links lead to
// images of the sandbox where the caller can tell.
func obstacle(s *world.Shop, t *chat, kind, content string, now int64, known func(link string) bool) string {
	var in messageContent
	if err := json.Unmarshal([]byte(content), &in); err != nil {
		return "'content' of a message of type " + kind + " must be a JSON object in a text"
	}
	lacks := func(name string) string { return "'content' of a message of type " + kind + " needs '" + name + "'" }
	switch kind {
	case typeText, typeEmoticons:
		if strings.TrimSpace(in.Content) == "" {
			return lacks("content")
		}
	case typeImage:
		switch {
		case in.URL == "":
			return lacks("url")
		case !known(in.URL):
			return "'url' is not an image of this sandbox; upload it first"
		case !positive(in.Width):
			return lacks("width")
		case !positive(in.Height):
			return lacks("height")
		}
	case typeProduct:
		if p := product.Of(s).ByID[in.Product]; p == nil || p.Status != product.ProductActivate {
			return "'product_id' " + strconv.Quote(in.Product) + " is not a live product of the shop"
		}
	case typeTarget:
		if !affiliate.Invites(s, in.Target, t.Creator, now) {
			return "'target_collaboration_id' " + strconv.Quote(in.Target) + " is not a collaboration to which the creator is invited"
		}
	case typeSample:
		if !affiliate.Asked(s, in.Apply, t.Creator) {
			return "'apply_id' " + strconv.Quote(in.Apply) + " is not a sample application of the creator"
		}
	}
	return ""
}

// positive tells whether a number, or a text with one, is above zero.
func positive(raw json.RawMessage) bool {
	n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	return err == nil && n > 0
}

// eventContent is the content of a message in webhooks, where the card of a target
// collaboration calls its id otherwise.
func eventContent(m *message) string {
	if m.Type != typeTarget {
		return m.Content
	}
	var in messageContent
	if err := json.Unmarshal([]byte(m.Content), &in); err != nil {
		return m.Content // a snapshot may hold what nobody checked
	}
	return contentOf("invitation_group_id", in.Target)
}

// sendMessage says something to a creator. To answer reads nothing.
func sendMessage(c *gate.Call) *gate.Failure {
	var in struct {
		Type    string `json:"msg_type"`
		Content string `json:"content"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	t, f := chatInPath(c)
	if f != nil {
		return f
	}
	b, now := Of(c.Shop), c.Now.Unix()
	if today := now / invent.SecondsOfDay; b.Day != today {
		b.Day, b.Calls = today, map[string]int{}
	}
	if b.Calls[c.App.Key] >= maxMessages {
		return gate.Fail(codeAllowance, "the ", strconv.Itoa(maxMessages), " messages of this day are used up")
	}
	if why := obstacle(c.Shop, t, in.Type, in.Content, now, func(link string) bool { return media.KnowsImage(c, link) }); why != "" {
		return gate.Fail(gate.CodeInvalidParameter, why)
	}
	b.Calls[c.App.Key]++
	c.JSON(struct {
		ID string `json:"message_id"`
	}{say(c.Shop, t, false, in.Type, in.Content, now).ID})
	return nil
}
