package customerservice

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// ChatSummary is a conversation as people look at it.
type ChatSummary struct {
	ID, Buyer, BuyerID string
	Last               int64 // when somebody wrote last
	Ended              bool
	Unread, Rating     int
	Messages           []MessageSummary
}

// MessageSummary is a message of a conversation.
type MessageSummary struct {
	ID         string
	Time       int64
	Role, Kind string
	Text       string // what it says, or what it shows
	FromBuyer  bool
	FromSystem bool
}

// Chats lists the conversations of a shop, those with the last message first. The
// caller holds the shop's lock.
func Chats(s *world.Shop) []ChatSummary {
	var list []ChatSummary
	for _, c := range Of(s).Conversations {
		list = append(list, summaryOf(s, c))
	}
	slices.SortStableFunc(list, func(a, b ChatSummary) int { return cmp.Compare(b.Last, a.Last) })
	return list
}

// Chat returns a conversation of a shop, if it has it.
func Chat(s *world.Shop, id string) (ChatSummary, bool) {
	c := Of(s).conversation(id)
	if c == nil {
		return ChatSummary{}, false
	}
	return summaryOf(s, c), true
}

func summaryOf(s *world.Shop, c *conversation) ChatSummary {
	shown := ChatSummary{ID: c.ID, BuyerID: c.Buyer, Last: c.last(), Ended: c.Ended, Unread: c.unread(), Rating: c.Rating}
	if who := trade.Of(s).Buyer(c.Buyer); who != nil {
		shown.Buyer = who.Nickname
	}
	for i := range c.Messages {
		m := &c.Messages[i]
		shown.Messages = append(shown.Messages, MessageSummary{
			m.ID, m.Time, m.Role, m.Type, textOf(m.Content), m.Role == chatRoleBuyer, m.Role == chatRoleSystem,
		})
	}
	return shown
}

// textOf returns the text of a message, or what else its content names.
func textOf(content string) string {
	var said map[string]string
	if json.Unmarshal([]byte(content), &said) != nil {
		return content
	}
	if text, ok := said["content"]; ok {
		return text
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(said)) {
		parts = append(parts, name+" "+said[name])
	}
	return strings.Join(parts, ", ")
}
