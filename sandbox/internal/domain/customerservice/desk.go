package customerservice

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

const idChats = 7602_000_000_000_000_000

// The periods of conversations. When a conversation ends by itself is not
// documented: here a week after the buyer wrote last or the shop opened it. The
// others are the documented conditions for opening one.
const (
	chatPeriod      = 7 * invent.SecondsOfDay
	chatTalkPeriod  = 30 * invent.SecondsOfDay
	chatOrderPeriod = 60 * invent.SecondsOfDay
)

// The kinds of messages that rules depend on.
const (
	chatText       = "TEXT"
	chatImage      = "IMAGE"
	chatVideo      = "VIDEO"
	chatProduct    = "PRODUCT_CARD"
	chatOrder      = "ORDER_CARD"
	chatReturn     = "RETURN_REFUND_CARD"
	chatCoupon     = "COUPON_CARD"
	chatLogistics  = "LOGISTICS_CARD"
	chatAllocated  = "ALLOCATED_SERVICE"
	chatEmoticons  = "EMOTICONS"
	chatOnProduct  = "BUYER_ENTER_FROM_PRODUCT"
	chatOnOrder    = "BUYER_ENTER_FROM_ORDER"
	chatRoleBuyer  = "BUYER"
	chatRoleShop   = "SHOP"
	chatRoleAgent  = "CUSTOMER_SERVICE"
	chatRoleSystem = "SYSTEM"
	chatRoleRobot  = "ROBOT"
)

// desk is the customer service of a shop. The lock of the shop guards it.
type desk struct {
	IDs           invent.IDs      `json:"ids"`
	ShopIM        string          `json:"shop_im"`  // chat ids are of their own kind
	AgentIM       string          `json:"agent_im"` // of the shop's owner, who answers through the API
	Accepts       bool            `json:"accepts"`  // chats that are assigned by themselves
	Conversations []*conversation `json:"conversations"`
	CouponCard    int64           `json:"coupon_card"` // Unix milliseconds of the last one
	Day           int64           `json:"day"`         // that Calls counts
	Calls         map[string]int  `json:"calls"`       // by app key and operation
}

// conversation is a chat with a buyer. A buyer has one in a shop: later ones go
// on under its id.
type conversation struct {
	ID       string        `json:"id"`
	Buyer    string        `json:"buyer"`
	BuyerIM  string        `json:"buyer_im"`
	Created  int64         `json:"created"`
	Ends     int64         `json:"ends"` // Unix seconds; in the past for one that has ended
	Ended    bool          `json:"ended"`
	Joined   bool          `json:"joined"` // an agent is in it
	Rating   int           `json:"rating"` // from 1 to 5 by the buyer; 0 for none
	Messages []chatMessage `json:"messages"`
	Read     int           `json:"read"` // the messages that were there when the shop read last
}

type chatMessage struct {
	ID      string `json:"id"`
	Index   string `json:"index"` // grows
	Time    int64  `json:"time"`
	Role    string `json:"role"`
	Type    string `json:"type"`
	Content string `json:"content"` // JSON
}

// visible tells whether agents see a message. Which ones they do not see is not
// documented; here it is what the system notes for itself.
func (m *chatMessage) visible() bool { return m.Type != chatAllocated }

// newConversationEvent and newMessageEvent are the data of types 13 and 14.
type (
	newConversationEvent struct {
		ConversationID string `json:"conversation_id"`
		CreateTime     int64  `json:"create_time"`
	}
	newMessageEvent struct {
		Content        string        `json:"content"`
		ConversationID string        `json:"conversation_id"`
		CreateTime     int64         `json:"create_time"`
		IsVisible      bool          `json:"is_visible"`
		MessageID      string        `json:"message_id"`
		Index          string        `json:"index"`
		Type           string        `json:"type"`
		Sender         messageSender `json:"sender"`
	}
	messageSender struct {
		IMUserID string `json:"im_user_id"`
		Role     string `json:"role"`
	}
)

// imOf returns the chat id of whoever has a role in a conversation. The shop
// counts as the sender of what the system says.
func (d *desk) imOf(c *conversation, role string) string {
	switch role {
	case chatRoleBuyer:
		return c.BuyerIM
	case chatRoleAgent:
		return d.AgentIM
	}
	return d.ShopIM
}

func (d *desk) conversation(id string) *conversation {
	return d.find(func(c *conversation) bool { return c.ID == id })
}

func (d *desk) conversationWith(buyer string) *conversation {
	return d.find(func(c *conversation) bool { return c.Buyer == buyer })
}

func (d *desk) find(fits func(*conversation) bool) *conversation {
	if i := slices.IndexFunc(d.Conversations, fits); i >= 0 {
		return d.Conversations[i]
	}
	return nil
}

// unread counts the messages of the buyer that the shop has not read. An answer
// alone reads nothing.
func (c *conversation) unread() (count int) {
	for i := c.Read; i < len(c.Messages); i++ {
		if c.Messages[i].Role == chatRoleBuyer {
			count++
		}
	}
	return count
}

// last is when somebody wrote last.
func (c *conversation) last() int64 {
	if n := len(c.Messages); n > 0 {
		return c.Messages[n-1].Time
	}
	return c.Created
}

// openConversation returns the conversation with a buyer, a new one where there was none,
// and lets it go on for a while.
func openConversation(s *world.Shop, buyer string, now int64) *conversation {
	d := Of(s)
	c := d.conversationWith(buyer)
	if c == nil {
		c = &conversation{ID: d.IDs.New(), Buyer: buyer, BuyerIM: d.IDs.New(), Created: now, Messages: []chatMessage{}}
		d.Conversations = append(d.Conversations, c)
		s.World.Owners.Add(s, c.ID)
	}
	c.Ended, c.Rating = false, 0
	prolong(s, c, now)
	return c
}

// prolong puts the end of a conversation off.
func prolong(s *world.Shop, c *conversation, now int64) {
	c.Ends = now + chatPeriod
	s.Schedule(c.Ends, deadlineChat, c.ID)
}

// joinConversation lets the agent into a conversation.
func joinConversation(s *world.Shop, c *conversation, now int64) {
	if !c.Joined {
		c.Joined = true
		announceConversation(s, c, now)
	}
}

// endConversation lets the agent leave.
func endConversation(s *world.Shop, c *conversation, now int64) {
	if c.Ended {
		return
	}
	c.Ended, c.Ends = true, now
	if c.Joined {
		c.Joined = false
		announceConversation(s, c, now)
	}
}

// announceConversation raises type 13, which says that an agent came or went.
func announceConversation(s *world.Shop, c *conversation, now int64) {
	s.Emit(int(event.TypeNewConversation), newConversationEvent{c.ID, now})
}

// say adds a message to a conversation.
func say(s *world.Shop, c *conversation, role, kind, content string, now int64) *chatMessage {
	d := Of(s)
	c.Messages = append(c.Messages, chatMessage{
		ID: d.IDs.New(), Index: d.IDs.New(), Time: now, Role: role, Type: kind, Content: content,
	})
	m := &c.Messages[len(c.Messages)-1]
	s.Emit(int(event.TypeNewMessage), newMessageEvent{
		m.Content, c.ID, m.Time, m.visible(), m.ID, m.Index, m.Type, messageSender{d.imOf(c, role), role},
	})
	return m
}

// buyerSays is a buyer who writes: the conversation goes on.
func buyerSays(s *world.Shop, c *conversation, kind, content string, now int64) *chatMessage {
	c.Ended = false
	prolong(s, c, now)
	assign(s, c, now)
	return say(s, c, chatRoleBuyer, kind, content, now)
}

// assign gives a conversation that the buyer began an agent, where the shop
// lets that happen.
func assign(s *world.Shop, c *conversation, now int64) {
	if !c.Joined && Of(s).Accepts {
		joinConversation(s, c, now)
		say(s, c, chatRoleSystem, chatAllocated, chatContent("The shop's customer service has joined."), now)
	}
}

// chatContent is the content of a text.
func chatContent(text string) string {
	return string(gate.AppendJSON(nil, struct {
		Content string `json:"content"`
	}{text}))
}

// mayOpen tells whether the shop may begin a conversation with a buyer: they
// talked within 30 days, the buyer ordered within 60 days or sent something
// back.
func mayOpen(s *world.Shop, buyer string, now int64) bool {
	if c := Of(s).conversationWith(buyer); c != nil && c.last() > now-chatTalkPeriod {
		return true
	}
	return slices.ContainsFunc(trade.OrdersOf(s).ByCreate, func(o *trade.Order) bool {
		return o.UserID == buyer && (o.CreateTime > now-chatOrderPeriod || len(trade.Of(s).ReturnsOf[o.ID]) > 0)
	})
}

// Of returns the customer service of a shop. The shop's lock guards it.
func Of(s *world.Shop) *desk { return world.RoomIn[desk](s.Rooms) }
