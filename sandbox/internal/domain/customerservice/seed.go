package customerservice

import (
	"slices"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// chatLine is a message of an invented conversation: who says it and what.
type chatLine struct{ role, kind, text string }

// chatPlan is an invented conversation.
type chatPlan struct {
	age    int64 // of its first message in seconds
	gap    int64 // between its messages
	lines  []chatLine
	read   bool
	rating int // and ended
}

// SeedDesk invents the customer service of a shop: a conversation with each of
// some buyers, about an order of theirs.
func SeedDesk(s *world.Shop, seed uint64, index int, now time.Time) {
	rng := invent.NewRandom(seed, invent.StreamChats+uint64(index))
	d := &desk{
		IDs:     invent.IDs{Next: idChats + uint64(index)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
		Accepts: true, Conversations: []*conversation{}, Calls: map[string]int{},
	}
	s.Rooms.Furnish(d)
	d.ShopIM, d.AgentIM = d.IDs.New(), d.IDs.New()
	plans := chatPlans(s.Market.Locale)
	var about []*trade.Order // of a buyer each
	for _, o := range slices.Backward(trade.OrdersOf(s).ByCreate) {
		// The buyer of an order that is on hold is not known yet.
		if o.BuyerNickname != "" && now.Unix()-o.CreateTime >= 60*60 && len(about) < len(plans) &&
			!slices.ContainsFunc(about, func(other *trade.Order) bool { return other.UserID == o.UserID }) {
			about = append(about, o)
		}
	}
	for i, o := range slices.Backward(about) { // the oldest first, as ids grow
		seedConversation(s, plans[i], o, now.Unix())
	}
}

func seedConversation(s *world.Shop, plan chatPlan, o *trade.Order, now int64) {
	at := max(now-plan.age, o.CreateTime+60)
	gap := min(plan.gap, (now-at)/int64(len(plan.lines)+1))
	c := openConversation(s, o.UserID, at)
	c.Joined = true
	for _, line := range plan.lines {
		at += gap
		content := chatContent(line.text)
		switch line.kind {
		case chatOnOrder, chatOrder:
			content = string(gate.AppendJSON(nil, map[string]string{"order_id": o.ID}))
		case chatOnProduct, chatProduct:
			content = string(gate.AppendJSON(nil, map[string]string{"product_id": o.LineItems[0].ProductID}))
		}
		say(s, c, line.role, line.kind, content, at)
		if line.role == chatRoleBuyer {
			prolong(s, c, at)
		}
	}
	if plan.read {
		c.Read = len(c.Messages)
	}
	if plan.rating > 0 || c.Ends <= now {
		c.Ended, c.Joined, c.Rating, c.Ends = true, false, plan.rating, min(c.Ends, at)
	}
}

// chatPlans are the conversations that every shop has, the newest first.
func chatPlans(locale string) []chatPlan {
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	say := map[string]string{
		"when":   "When will my order be sent?",
		"today":  "Hello! It leaves our warehouse today, you will get the tracking number then.",
		"thanks": "Great, thank you!",
		"fits":   "Does this come in another colour?",
		"still":  "Is anybody there?",
		"broken": "One piece arrived with a scratch, what can I do?",
		"photo":  "I am sorry to hear that. Could you send a photo, please?",
		"gift":   "Can you wrap it as a gift?",
		"sure":   "Of course, we will add a ribbon.",
		"stock":  "Hello! Your order is packed. Is the address still right?",
	}
	if strings.HasPrefix(locale, "vi") {
		say = map[string]string{
			"when":   "Khi nào shop gửi hàng cho mình?",
			"today":  "Chào bạn! Hôm nay hàng sẽ rời kho, shop gửi mã vận đơn sau nhé.",
			"thanks": "Cảm ơn shop!",
			"fits":   "Sản phẩm này có màu khác không?",
			"still":  "Shop ơi?",
			"broken": "Một món bị xước, mình phải làm sao?",
			"photo":  "Shop xin lỗi bạn. Bạn gửi giúp shop một tấm ảnh nhé?",
			"gift":   "Shop gói quà giúp mình được không?",
			"sure":   "Được ạ, shop sẽ thêm nơ.",
			"stock":  "Chào bạn! Đơn của bạn đã đóng gói. Địa chỉ vẫn đúng chứ ạ?",
		}
	}
	buyer := func(text string) chatLine { return chatLine{chatRoleBuyer, chatText, say[text]} }
	agent := func(text string) chatLine { return chatLine{chatRoleAgent, chatText, say[text]} }
	onOrder := chatLine{chatRoleSystem, chatOnOrder, ""}
	return []chatPlan{
		{3 * hour, 4 * minute, []chatLine{onOrder, buyer("when"), agent("today"), buyer("thanks")}, false, 0},
		{9 * hour, 20 * minute, []chatLine{{chatRoleSystem, chatOnProduct, ""}, {chatRoleBuyer, chatProduct, ""}, buyer("fits"), buyer("still")}, false, 0},
		{2 * day, 11 * minute, []chatLine{onOrder, buyer("broken"), agent("photo")}, true, 0},
		{4 * day, 7 * minute, []chatLine{agent("stock"), {chatRoleAgent, chatOrder, ""}}, true, 0},
		{9 * day, 6 * minute, []chatLine{onOrder, buyer("gift"), agent("sure"), buyer("thanks")}, true, 5},
		{12 * day, 90 * minute, []chatLine{buyer("when"), buyer("still"), agent("today")}, true, 3},
	}
}
