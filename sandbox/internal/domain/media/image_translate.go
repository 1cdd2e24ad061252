package media

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// The limits of translations.
const (
	mostTranslations  = 20  // of a call, pictures times languages, or ids
	dailyTranslations = 500 // of a shop, on a day of UTC
	keptTranslations  = 4 * dailyTranslations
)

// How long a translation takes in seconds, and how small a picture may be to be
// read. No document says either.
const (
	translationTime    = 30
	leastReadablePixel = 300
)

// deadlineTranslation is the kind of the deadline at which a translation is done.
const deadlineTranslation = "translation"

// The states of a translation.
const (
	translationRunning = "PROCESSING"
	translationDone    = "COMPLETED"
	translationFailed  = "FAILED"
)

var (
	// targetLanguages are those that pictures are translated into.
	targetLanguages = []string{"de-DE", "en-IE", "es-ES", "fr-FR", "it-IT"}
	// translating are the markets whose shops have their pictures translated.
	// Those of the EU are documented. The world has no shop there; its shop in
	// Britain stands for one.
	translating = []string{"DE", "ES", "FR", "IE", "IT", "GB"}
)

// Translations are the pictures that a shop has translated.
type Translations struct {
	Random invent.Random  `json:"random"`
	Tasks  []*translation `json:"tasks"` // the oldest first
}

// translation is a picture that is translated into a language.
type translation struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Reason   string `json:"reason"` // why it failed
	Language string `json:"language"`
	Original string `json:"original"` // URI
	Result   string `json:"result"`   // URI; "" while there is none
	Base     string `json:"base"`     // what links to pictures begin with
	Created  int64  `json:"created"`
	Due      int64  `json:"due"`
}

// NewTranslations returns the translations of a shop: none yet.
func NewTranslations(seed uint64, index int) *Translations {
	return &Translations{invent.NewRandom(seed, invent.StreamTranslations+uint64(index)), []*translation{}}
}

func translationsOf(s *world.Shop) *Translations { return world.RoomIn[Translations](s.Rooms) }

func translationsPart(s *world.Shop) keep.Part {
	part := keep.Plain("translations", translationsOf(s))
	part.Later = true
	return part
}

// checkTranslations checks those that were read from a snapshot.
func checkTranslations(s *world.Shop) error {
	seen := map[string]bool{}
	return keep.Placed("translations", keep.CheckEach("tasks", translationsOf(s).Tasks, func(at **translation) error {
		t := *at
		switch {
		case t == nil:
			return keep.ErrMissing
		case t.ID == "" || seen[t.ID]:
			return keep.Placed("id", fmt.Errorf("%.40q is empty or comes twice", t.ID))
		case t.Result != "" && ImagesOf(s.World).Get(t.Result) == nil:
			return keep.Placed("result", fmt.Errorf("there is no image %.60q", t.Result))
		}
		seen[t.ID] = true
		return keep.First(
			keep.CheckOneOf("status", t.Status, translationRunning, translationDone, translationFailed),
			keep.CheckOneOf("language", t.Language, targetLanguages...),
		)
	}))
}

func offered(c *gate.Call) *gate.Failure {
	if !slices.Contains(translating, c.Shop.Region) {
		return gate.Fail(codeTranslationShop, "images are not translated for shops in ", c.Shop.Region)
	}
	return nil
}

// createTranslations begins the translation of pictures, each into each of its
// languages.
func createTranslations(c *gate.Call) *gate.Failure {
	var in struct {
		Images []struct {
			URI       string   `json:"image_uri"`
			Languages []string `json:"target_languages"`
		} `json:"images"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if f := offered(c); f != nil {
		return f
	}
	var tasks []*translation
	now := c.Now.Unix()
	for _, image := range in.Images {
		if ImagesOf(c.State.World).Get(image.URI) == nil {
			return gate.Fail(codeTranslationImage, "image ", image.URI, " was not uploaded here")
		}
		for _, language := range image.Languages {
			if !slices.Contains(targetLanguages, language) {
				return gate.Fail(codeTranslationLanguage, "images are not translated into ", language)
			}
			tasks = append(tasks, &translation{
				Status: translationRunning, Language: language, Original: image.URI, Base: c.BaseURL(), Created: now, Due: now + translationTime,
			})
		}
	}
	own := translationsOf(c.Shop)
	today := 0
	for _, t := range slices.Backward(own.Tasks) {
		if t.Created/invent.SecondsOfDay != now/invent.SecondsOfDay {
			break
		}
		today++
	}
	switch {
	case len(tasks) == 0:
		return gate.Missing("images.target_languages")
	case len(tasks) > mostTranslations:
		return gate.Fail(codeTranslationCount, "a call begins at most ", strconv.Itoa(mostTranslations), " translations")
	case today+len(tasks) > dailyTranslations:
		return gate.Fail(codeTranslationQuota, "the shop has used its ", strconv.Itoa(dailyTranslations), " translations of the day")
	}
	type view struct {
		ID       string `json:"id"`
		URI      string `json:"image_uri"`
		Language string `json:"target_language"`
	}
	views := []view{}
	for _, t := range tasks {
		t.ID = own.Random.Text(invent.HexDigits, 32)
		views = append(views, view{t.ID, t.Original, t.Language})
		c.Shop.Schedule(t.Due, deadlineTranslation, t.ID)
	}
	own.Tasks = append(own.Tasks, tasks...)
	if over := len(own.Tasks) - keptTranslations; over > 0 {
		own.Tasks = slices.Delete(own.Tasks, 0, over)
	}
	c.JSON(struct {
		Tasks []view `json:"translation_tasks"`
	}{views})
	return nil
}

func (s *Translations) task(id string) *translation {
	i := slices.IndexFunc(s.Tasks, func(t *translation) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return s.Tasks[i]
}

// translated ends a translation. The picture is as large as the original.
func translated(s *world.Shop, d world.Deadline) {
	t := translationsOf(s).task(d.ID)
	if t == nil || t.Due != d.At || t.Status != translationRunning {
		return
	}
	original := ImagesOf(s.World).Get(t.Original)
	if original == nil || min(original.Width, original.Height) < leastReadablePixel {
		t.Status, t.Reason = translationFailed, "The image is too small to be read."
	} else {
		t.Status, t.Result = translationDone, ImagesOf(s.World).Add(original.Width, original.Height, "image/png", nil).URI
	}
	s.Emit(int(event.TypeImageTranslationCompleted), struct {
		Task translationView `json:"translation_task"`
	}{t.view()})
}

type translationView struct {
	Reason   string         `json:"fail_reason"`
	ID       string         `json:"id"`
	Original translationPic `json:"original_image"`
	Status   string         `json:"status"`
	Language string         `json:"target_language"`
	Result   translationPic `json:"translated_image,omitzero"`
}

type translationPic struct {
	URI string `json:"uri"`
	URL string `json:"url"`
}

func (t *translation) view() translationView {
	link := func(uri string) translationPic {
		if uri == "" {
			return translationPic{}
		}
		return translationPic{uri, t.Base + ImagePrefix + FileName(uri)}
	}
	return translationView{t.Reason, t.ID, link(t.Original), t.Status, t.Language, link(t.Result)}
}

// getTranslations shows translations by id, and without ids the last ones.
func getTranslations(c *gate.Call) *gate.Failure {
	if f := offered(c); f != nil {
		return f
	}
	own, ids := translationsOf(c.Shop), c.List("translation_task_ids")
	if len(ids) > mostTranslations {
		return gate.Fail(codeTranslationCount, "'translation_task_ids' takes at most ", strconv.Itoa(mostTranslations), " ids")
	}
	views := []translationView{}
	for _, id := range ids {
		t := own.task(id)
		if t == nil {
			return gate.Fail(codeTranslationUnknown, "no translation has the id ", id)
		}
		views = append(views, t.view())
	}
	if len(ids) == 0 {
		for _, t := range slices.Backward(own.Tasks) {
			if len(views) < mostTranslations {
				views = append(views, t.view())
			}
		}
	}
	c.JSON(struct {
		Tasks []translationView `json:"translation_tasks"`
	}{views})
	return nil
}
