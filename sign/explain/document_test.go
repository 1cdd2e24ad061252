package explain

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
)

const written = `{"b":1.50,"a":"caf\u00e9 <b>&'+/\/ 😀","n":null,"big":9007199254740993,"t":true,"f":1e3,"neg":-0,"small":0.0000001,"l":[1,"x",{"z":{},"y":[]}],"o":{},"ctl":"\b\u001f\u2028\u007f"}`

// TestWrite compares with what the writers of other languages make of the
// document above; the texts are theirs.
func TestWrite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		style style
		want  string
	}{
		{"as it is", style{}, written},
		{"Python json.dumps", style{spacing: spacingPython, escapes: escapesASCII, numbers: numbersPython},
			`{"b": 1.5, "a": "caf\u00e9 <b>&'+// \ud83d\ude00", "n": null, "big": 9007199254740993, "t": true, "f": 1000.0, "neg": 0, "small": 1e-07, "l": [1, "x", {"z": {}, "y": []}], "o": {}, "ctl": "\b\u001f\u2028\u007f"}`},
		{"Python json.dumps sorted", style{spacing: spacingCompact, keys: keysSorted, escapes: escapesASCII, numbers: numbersPython},
			`{"a":"caf\u00e9 <b>&'+// \ud83d\ude00","b":1.5,"big":9007199254740993,"ctl":"\b\u001f\u2028\u007f","f":1000.0,"l":[1,"x",{"y":[],"z":{}}],"n":null,"neg":0,"o":{},"small":1e-07,"t":true}`},
		{"JavaScript", style{spacing: spacingCompact, escapes: escapesLeast, numbers: numbersFloat},
			"{\"b\":1.5,\"a\":\"café <b>&'+// 😀\",\"n\":null,\"big\":9007199254740992,\"t\":true,\"f\":1000,\"neg\":0,\"small\":1e-7,\"l\":[1,\"x\",{\"z\":{},\"y\":[]}],\"o\":{},\"ctl\":\"\\b\\u001f\u2028\u007f\"}"},
		{"JavaScript with two spaces", style{spacing: spacingIndent2, escapes: escapesLeast, numbers: numbersFloat},
			"{\n  \"b\": 1.5,\n  \"a\": \"café <b>&'+// 😀\",\n  \"n\": null,\n  \"big\": 9007199254740992,\n  \"t\": true,\n  \"f\": 1000,\n  \"neg\": 0,\n  \"small\": 1e-7,\n  \"l\": [\n    1,\n    \"x\",\n    {\n      \"z\": {},\n      \"y\": []\n    }\n  ],\n  \"o\": {},\n  \"ctl\": \"\\b\\u001f\u2028\u007f\"\n}"},
		{"outermost keys", style{keys: keysTop, without: membersEmpty, escapes: escapesPHP},
			`{"a":"caf\u00e9 <b>&'+\/\/ \ud83d\ude00","b":1.50,"big":9007199254740993,"ctl":"\b\u001f\u2028` + "\x7f" + `","f":1e3,"l":[1,"x",{}],"neg":-0,"small":0.0000001,"t":true}`},
		{".NET", style{escapes: escapesDotNet, without: membersNulls},
			`{"b":1.50,"a":"caf\u00E9 \u003Cb\u003E\u0026\u0027\u002B// \uD83D\uDE00","big":9007199254740993,"t":true,"f":1e3,"neg":-0,"small":0.0000001,"l":[1,"x",{"z":{},"y":[]}],"o":{},"ctl":"\b\u001F\u2028\u007F"}`},
	}
	d := parseDocument([]byte(written))
	for _, test := range tests {
		if got := string(d.write(nil, test.style)); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
	const jackson = "{\n  \"a\" : [ 1, {\n    \"b\" : { }\n  } ],\n  \"c\" : [ ]\n}"
	if got := string(parseDocument([]byte(`{"a":[1,{"b":{}}],"c":[]}`)).write(nil, style{spacing: spacingJackson})); got != jackson {
		t.Errorf("Jackson: %s", got)
	}
	const repr = `{'b': 1.5, 'a': "café <b>&'+// 😀", 'n': None, 'big': 9007199254740993, 't': True, 'f': 1000.0, 'neg': 0, 'small': 1e-07, 'l': [1, 'x', {'z': {}, 'y': []}], 'o': {}, 'ctl': '\x08\x1f\u2028\x7f'}`
	if got := string(d.repr(nil)); got != repr {
		t.Errorf("Python's str():\n got %s\nwant %s", got, repr)
	}
}

func TestSpacingIsRecognised(t *testing.T) {
	t.Parallel()
	src := []byte(`{"a":[1,{"b":{}}],"c":[]}`)
	d := parseDocument(src)
	for s := spacingCompact; s < spacings; s++ {
		text := d.write(nil, style{spacing: s})
		other := parseDocument(append([]byte(" "), append(text, '\n')...))
		if other.spacing != s {
			t.Errorf("%q is taken for spacing %d, want %d", text, other.spacing, s)
		}
		if back := other.write(nil, style{spacing: spacingCompact}); !bytes.Equal(back, src) {
			t.Errorf("%q written back: %s", text, back)
		}
	}
	if d := parseDocument([]byte(`{"a" :1, "b":2}`)); d.spacing != spacingSent {
		t.Errorf("irregular spaces are taken for spacing %d", d.spacing)
	}
	if parseDocument([]byte(`{"a":}`)) != nil {
		t.Error("a broken text is taken for JSON")
	}
	if deep := bytes.Repeat([]byte("["), 2*maxDepth); parseDocument(append(deep, bytes.Repeat([]byte("]"), 2*maxDepth)...)) != nil {
		t.Error("a deep document is rewritten")
	}
}

func TestStyleParts(t *testing.T) {
	t.Parallel()
	whole := style{spacingTab, keysPermute, escapesGson, numbersFloat, membersNulls, "\x01\x00"}
	var put style
	for i, part := range whole.parts() {
		put.replace(i, part)
	}
	if put != whole {
		t.Errorf("the parts make %+v, want %+v", put, whole)
	}
}

// TestWriteAsGo holds the writer against encoding/json, which sorts the keys
// of maps and reads numbers as floating point.
func TestWriteAsGo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		src, err := json.Marshal(anyValue(rand.New(rand.NewPCG(seed, 0)), 3))
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(src, &value); err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got := parseDocument(src).write(nil, style{spacing: spacingCompact, keys: keysSorted, escapes: escapesHTML, numbers: numbersFloat})
		if !bytes.Equal(got, want) && !bytes.Contains(src, []byte("-0")) { // JavaScript has no -0
			t.Fatalf("seed %d: got %s, want %s", seed, got, want)
		}
	}
}

// anyValue returns a value that encodes to JSON, up to so many levels deep.
func anyValue(random *rand.Rand, depth int) any {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch random.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return anyText(random)
	case 2:
		return random.IntN(2) == 0
	case 3:
		return (random.Float64() - 0.5) * math.Pow10(random.IntN(80)-40)
	case 4:
		return int64(random.Uint64()) >> random.IntN(64)
	case 5:
		list := make([]any, random.IntN(5))
		for i := range list {
			list[i] = anyValue(random, depth-1)
		}
		return list
	default:
		object := map[string]any{}
		for range random.IntN(5) {
			object[anyText(random)] = anyValue(random, depth-1)
		}
		return object
	}
}

// anyText returns a text with what writers of JSON treat in their own ways.
func anyText(random *rand.Rand) string {
	const runes = "ab\"\\/<>&'+\x00\b\n\u001f\u007f\u2028é😀\u4e2d\ufffd"
	all := []rune(runes)
	text := make([]rune, random.IntN(8))
	for i := range text {
		text[i] = all[random.IntN(len(all))]
	}
	return string(text)
}

// FuzzDocument looks for documents that do not come out as JSON, or not as the
// same in another spacing.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(written))
	f.Add([]byte(` [{"a":[]}, "\ud800", -0.0e-0, "\\\"/"]` + "\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d := parseDocument(src)
		if d == nil {
			return
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, src); err != nil {
			t.Fatal(err)
		}
		if got := d.write(nil, style{spacing: spacingCompact}); !bytes.Equal(got, compact.Bytes()) {
			t.Fatalf("%q without spaces is %q, want %q", src, got, compact.Bytes())
		}
		if got := d.write(nil, style{}); !bytes.Equal(got, bytes.TrimSpace(src)) {
			t.Fatalf("%q as it is becomes %q", src, got)
		}
		for e := escapesSent; e <= escapesDotNet; e++ {
			first := d.write(nil, style{spacing: spacingCompact, escapes: e, numbers: numbersFloat, keys: keysSorted})
			for s := spacingCompact; s < spacings; s++ {
				text := d.write(nil, style{spacing: s, escapes: e, numbers: numbersFloat, keys: keysSorted})
				compact.Reset()
				if err := json.Compact(&compact, text); err != nil {
					t.Fatalf("%q is written as %q: %v", src, text, err)
				}
				if !bytes.Equal(compact.Bytes(), first) {
					t.Fatalf("%q is written as %q with spaces and as %q without", src, text, first)
				}
			}
		}
		_ = d.repr(nil)
	})
}
