package secret

// foreignNames are what a password is called where a program speaks another language
// than English (Passwort is among the words of names). In lower case; of letters beyond
// ASCII the capital is another text.
var foreignNames = []string{"kennwort", "wachtwoord", "senha", "contraseña", "contrasena", "mot de passe", "motdepasse", "hasło",
	"lösenord", "пароль", "Пароль", "密码", "密碼", "パスワード", "비밀번호"}

func foreignClues() []clue {
	var out []clue
	for _, name := range foreignNames {
		out = append(out, clue{text: name, find: func(dst []Span, s string, i int) []Span {
			return findForeign(dst, s, i, i+len(name))
		}})
	}
	return out
}

// findForeign finds the value of such a name at s[from:to].
func findForeign(dst []Span, s string, from, to int) []Span {
	if from > 0 && isLower(s[from-1]) { // desenha
		return dst
	}
	start, q, ok := behindName(s, from, to)
	if !ok || start >= len(s) {
		return dst
	}
	return foundWord(dst, s, from, start, q)
}
