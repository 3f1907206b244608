package article

import "regexp"

var (
	// changeWord marks a date as the date of a change.
	changeWord = regexp.MustCompile(`(?i)(?:\b(?:last\s+)?(?:updat|modifi|revis|review|edited|changed on|aktualisiert|aktualisierung|geändert|letzte änderung|letztes update|stand:|mis(?:e)? à jour|modifié|dernière (?:mise|version|modification)|actualizad|última actualización|aggiornat|ultimo aggiornamento|atualizad|última atualização|laatst|bijgewerkt|gewijzigd|uppdaterad|oppdatert|opdateret|aktualizac|zaktualizowan|aktualizováno|güncelle|actualizat|frissítve)|päivitetty|обновлен|изменен|оновлен|(?:最終)?更新|改訂|修改|수정)`)
	// publishWord opens the line that says when a page was published.
	publishWord = regexp.MustCompile(`(?i)^\W*(?:(?:(?:first |originally |initially )?(?:published|posted|released|issued|created)|publication date|date of publication|date (?:published|issued|posted)|release date|erschienen|veröffentlicht|erstellt|publié(?:e)?|mis en ligne|mise en ligne|date de (?:publication|la première version)|publicad[oa]|fecha de publicación|pubblicato|data di pubblicazione|data de publicação|gepubliceerd|geplaatst|publicerad|publisert|udgivet|opublikowano|data publikacji|publikováno|yayın(?:lanma)?)\b|julkaistu|опубликован|дата публикации|опубліковано|公開日?|発行日?|発表日?|掲載日?|初版|发布|發布|发表|발행|게시|등록)`)
	// publishInside finds the same in the middle of a line.
	publishInside = regexp.MustCompile(`(?i)(?:\b(?:published|posted|released|(?:originally )?created|veröffentlicht|erstellt|publié|publicado|pubblicato|gepubliceerd|publicerad|opublikowano)\b|опубликован|公開|発行|掲載|发布|發布)`)
)

// unchanged is the part of a line that tells when a page was published, where the line also tells when it was changed; empty when
// it tells of the change alone.
func unchanged(line string) string {
	change := changeWord.FindStringIndex(line)
	if change == nil {
		return line
	}
	if publish := publishInside.FindStringIndex(line); publish != nil && publish[0] > change[0] {
		return line[publish[0]:]
	}
	return line[:change[0]]
}
