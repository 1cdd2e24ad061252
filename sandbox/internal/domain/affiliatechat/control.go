package affiliatechat

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// creatorTypes are the messages that creators write.
var creatorTypes = []string{typeText, typeImage, typeProduct, typeTarget, typeSample, typeEmoticons}

// postMessage is a creator who writes to a shop: the first of the market where none
// is named, who is among the users. Their pictures may be anywhere.
func postMessage(g *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var in struct {
		Shop    string          `json:"shop_id"`
		Creator string          `json:"creator"`
		Text    string          `json:"text"`
		Type    string          `json:"type"`
		Content json.RawMessage `json:"content"`
	}
	if !gate.ControlBody(w, r, &in) {
		return
	}
	if in.Type == "" {
		in.Type = typeText
	}
	content := contentOf("content", in.Text)
	switch {
	case !slices.Contains(creatorTypes, in.Type):
		gate.ControlError(w, http.StatusBadRequest, "type is one of "+strings.Join(creatorTypes, ", "))
		return
	case (len(in.Content) > 0) == (in.Text != "") || in.Text != "" && in.Type != typeText:
		gate.ControlError(w, http.StatusBadRequest, "a message has text, or a type and an object as content")
		return
	case len(in.Content) > 0:
		if !bytes.HasPrefix(in.Content, []byte("{")) {
			gate.ControlError(w, http.StatusBadRequest, "content is an object")
			return
		}
		content = string(gate.AppendJSON(nil, in.Content))
	}
	known, now := g.Present()
	s := known.ShopByID(in.Shop)
	if s == nil {
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	list := affiliate.Creators(known, s.Region)
	who := list[0].UserID()
	if in.Creator != "" {
		i := 0
		for i < len(list) && list[i].Username() != in.Creator {
			i++
		}
		if i == len(list) {
			gate.ControlError(w, http.StatusNotFound, "the market has no creator of this name")
			return
		}
		who = list[i].UserID()
	}
	s.Mu.Lock()
	defer s.Mu.Unlock()
	t := Of(s).find(func(t *chat) bool { return t.Creator == who })
	about := t
	if about == nil {
		about = &chat{Creator: who} // a refused message opens nothing
	}
	if why := obstacle(s, about, in.Type, content, now.Unix(), func(string) bool { return true }); why != "" {
		gate.ControlError(w, http.StatusConflict, why)
		return
	}
	t, _ = chatWith(s, who, now.Unix())
	m := say(s, t, true, in.Type, content, now.Unix())
	gate.ControlAnswer(w, http.StatusCreated, struct {
		Chat string `json:"conversation_id"`
		ID   string `json:"message_id"`
	}{t.ID, m.ID})
}

// sampleChat names the last conversation for samples of webhooks.
func sampleChat(s *world.Shop, t event.Type) map[string][]string {
	own := map[string][]string{}
	if n := len(Of(s).Chats); n > 0 && t == event.TypeNewMessageListener {
		last := Of(s).Chats[n-1]
		own["conversation_id"], own["sender_im_user_id"] = []string{last.ID}, []string{last.CreatorIM}
		if k := len(last.Messages); k > 0 {
			own["message_id"], own["index"] = []string{last.Messages[k-1].ID}, []string{last.Messages[k-1].Index}
		}
	}
	return own
}
