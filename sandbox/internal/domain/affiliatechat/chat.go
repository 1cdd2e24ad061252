package affiliatechat

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

const idTalks = 7607_000_000_000_000_000

// The types of messages that rules depend on.
const (
	typeText      = "TEXT"
	typeImage     = "IMAGE"
	typeProduct   = "PRODUCT_CARD"
	typeTarget    = "TARGET_COLLABORATION_CARD"
	typeSample    = "FREE_SAMPLE_CARD"
	typeEmoticons = "EMOTICONS"
	typeNotice    = "NOTIFICATION"
)

// inbox are a shop's conversations with creators. The lock of the shop guards it.
type inbox struct {
	IDs    invent.IDs     `json:"ids"`
	ShopIM string         `json:"shop_im"` // chat ids are of their own kind
	Chats  []*chat        `json:"chats"`
	Day    int64          `json:"day"`   // that Calls counts
	Calls  map[string]int `json:"calls"` // by app key
}

// chat is a conversation with a creator, of which there is one in a shop.
type chat struct {
	ID        string    `json:"id"`
	Creator   string    `json:"creator"` // user id
	CreatorIM string    `json:"creator_im"`
	Created   int64     `json:"created"`
	Messages  []message `json:"messages"`
	Read      int       `json:"read"` // the messages that were there when the shop read last
}

// message is one message. The system's count as the creator's where its notices
// come from there, as the shop's otherwise.
type message struct {
	ID      string `json:"id"`
	Index   string `json:"index"` // grows
	Time    int64  `json:"time"`
	Creator bool   `json:"creator"` // it is the creator's
	Type    string `json:"type"`
	Content string `json:"content"` // JSON
}

// Of returns the conversations of a shop with creators. The shop's lock guards
// them.
func Of(s *world.Shop) *inbox { return world.RoomIn[inbox](s.Rooms) }

func (b *inbox) find(fits func(*chat) bool) *chat {
	if i := slices.IndexFunc(b.Chats, fits); i >= 0 {
		return b.Chats[i]
	}
	return nil
}

func (b *inbox) chat(id string) *chat { return b.find(func(t *chat) bool { return t.ID == id }) }

// unread counts the messages of the creator that the shop has not read.
func (t *chat) unread() (count int) {
	for _, m := range t.Messages[t.Read:] {
		if m.Creator {
			count++
		}
	}
	return count
}

// unreplied tells whether the creator had the last word.
func (t *chat) unreplied() bool {
	n := len(t.Messages)
	return n > 0 && t.Messages[n-1].Creator
}

// last is when somebody wrote last.
func (t *chat) last() int64 {
	if n := len(t.Messages); n > 0 {
		return t.Messages[n-1].Time
	}
	return t.Created
}

// chatWith returns the conversation with a creator, a new one where there was none.
func chatWith(s *world.Shop, creator string, now int64) (t *chat, isNew bool) {
	b := Of(s)
	if t = b.find(func(t *chat) bool { return t.Creator == creator }); t != nil {
		return t, false
	}
	t = &chat{ID: b.IDs.New(), Creator: creator, CreatorIM: b.IDs.New(), Created: now, Messages: []message{}}
	b.Chats = append(b.Chats, t)
	return t, true
}

// senderOf is the chat id of who wrote a message.
func (b *inbox) senderOf(t *chat, m *message) string {
	if m.Creator {
		return t.CreatorIM
	}
	return b.ShopIM
}

// messageEvent is the data of type 33.
type messageEvent struct {
	Index        string      `json:"index"`
	ID           string      `json:"message_id"`
	Conversation string      `json:"conversation_id"`
	Type         string      `json:"msg_type"`
	Content      string      `json:"content"`
	Time         string      `json:"create_time"`
	Sender       eventSender `json:"sender"`
}

type eventSender struct {
	IM string `json:"sender_im_user_id"`
}

// say adds a message. What a creator writes is announced.
func say(s *world.Shop, t *chat, creator bool, kind, content string, now int64) *message {
	b := Of(s)
	t.Messages = append(t.Messages, message{ID: b.IDs.New(), Index: b.IDs.New(), Time: now, Creator: creator, Type: kind, Content: content})
	m := &t.Messages[len(t.Messages)-1]
	if creator {
		s.Emit(int(event.TypeNewMessageListener), messageEvent{
			m.Index, m.ID, t.ID, m.Type, eventContent(m), strconv.FormatInt(m.Time, 10), eventSender{t.CreatorIM},
		})
	}
	return m
}

// contentOf is the content of a message with one member.
func contentOf(member, value string) string {
	return string(gate.AppendJSON(nil, map[string]string{member: value}))
}
