package envelope

import "testing"

// TestUnhash: arrows and nil are those of Ruby outside of texts only.
func TestUnhash(t *testing.T) {
	for in, want := range map[string]string{
		`kind"=>"Event", "n"=>nil, "ok"=>true}`:       `{"kind":"Event", "n":null, "ok":true}`,
		`a=>b"=>"x=>nil", "l"=>[nil, {"q"=>"\"=>"}]}`: `{"a=>b":"x=>nil", "l":[null, {"q":"\"=>"}]}`,
		`cut"=>"in a text\`:                           `{"cut":"in a text\`,
		`cut"=`:                                       `{"cut"=`,
		``:                                            `{"`,
	} {
		if got := string(unhash([]byte(in))); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
