package boilerplate

// wording is what gives furniture away: at its start, or anywhere in it. All in lower
// case, separated by "|".
type wording struct{ starts, contains string }

// furnitureOf are the phrases of each language.
var furnitureOf = map[string]wording{
	"en": {`read more|read also|also read|read the full|read next|see also|see more|see the original|click here|click to|click on|
		tap here|sign up|subscribe|follow us|follow @|follow the|like us on|join us|join the conversation|join our|watch the video|watch:|watch more|
		watch live|scroll down for|image caption|image source|image copyright|image:|photo:|photos:|photo by|picture:|pictured:|pictured above|pictured left|video:|gallery:|
		caption:|file photo|in this photo|in this image|in this picture|in this file|in this undated|this photo|this image|media caption|story highlights|share this|share on|most read|most popular|recommended|related:|related articles|related stories|
		more on this|more from|more:|advertisement|sponsored|copyright|©|all rights reserved|have you|do you have a|got a tip|email us|contact us|send us|
		tell us|download our|download the app|listen to the|listen:|you can follow|this video|sorry we are|sorry, we are|sorry,|loading|please enable|
		please wait|enable javascript|editor's note|editor’s note|updated:|published:|last updated|reporting by|editing by|additional reporting|
		with reporting from|the views expressed|the opinions expressed|opinions expressed|for more information, visit|for confidential support|
		support our journalism|become a member|become a subscriber|already a subscriber|log in|create an account|this story has been|this article has been|
		this article was|this article originally|this story was|this post|correction:|clarification:|not a subscriber|cookies|we use cookies|this site uses|this website uses|by continuing|
		accept all|manage preferences|privacy policy|terms of use|terms of service|watch the latest|see all|view comments|leave a comment|comments|what do you think|
		don't miss|don’t miss|get the latest|get our|get all|here's what you need to know|for the latest|find out more|learn more|visit our|visit the|
		continue reading|this version corrects|this story corrects|this version has been|hide caption|toggle caption|enlarge this image|getty images|skip to|back to top|print this|e-mail to a friend`,
		`contributed to this report|contributed to this story|contributed to this article|contributed reporting|contributed from|all rights reserved|
		our newsletter|free newsletter|newsletter here|daily newsletter|email newsletter|your inbox|privacy policy|cookie policy|use cookies|
		uses cookies|use of cookies|follow us on|find us on|like us on facebook|on twitter at|on twitter @|opinions expressed in this|views expressed in this|
		may not be published, broadcast|editing by|click here|scroll down for video|download our app|reported from`},
	"de": {`lesen sie auch|lesen sie mehr|lesen sie hier|mehr zum thema|mehr dazu|auch interessant|foto:|fotos:|bild:|video:|quelle:|
		newsletter|abonnieren|jetzt abonnieren|melden sie sich|folgen sie|hier klicken|klicken sie|teilen sie|anzeige|werbung|zum thema|
		das könnte sie auch|empfehlung|bitte aktivieren|wir verwenden cookies|diese website|mit dem abo|jetzt testen|weiterlesen|bildunterschrift|
		redaktionell empfohlener|kommentare|zur startseite|sie sind bereits|alle rechte vorbehalten|stand:|aktualisiert`,
		`unseren newsletter|unserem newsletter|newsletter anmelden|alle rechte vorbehalten|verwenden cookies|datenschutzerklärung|
		mit material von|mit agenturmaterial|auf twitter folgen|jetzt registrieren`},
	"fr": {`lire aussi|à lire aussi|lire également|à lire|lire la suite|voir aussi|à voir|en savoir plus|photo :|photo:|vidéo :|vidéo:|vidéo.|crédit|
		inscrivez-vous|abonnez-vous|suivez-nous|suivez l'|cliquez ici|cliquer ici|partagez|partager|publicité|s'abonner|recevez|retrouvez|
		newsletter|sur le même sujet|sur le meme sujet|tous droits réservés|nous utilisons des cookies|ce site utilise|déjà abonné|cet article est réservé|
		il vous reste|regardez|écoutez|mis à jour|publié le|découvrez`,
		`notre newsletter|la newsletter|tous droits réservés|politique de confidentialité|utilise des cookies|utilisons des cookies|votre boîte mail|
		suivez-nous sur|avec afp|réservé aux abonnés`},
	"es": {`lea también|lee también|leer más|lea más|lee más|ver más|más información|te puede interesar|le puede interesar|también te puede|puede leer|foto:|fotos:|vídeo:|
		video:|suscríbete|suscríbase|síguenos|síganos|haga clic|haz clic|pincha aquí|regístrate|comparte|compartir|publicidad|anuncio|newsletter|
		archivado en|con información de|derechos reservados|todos los derechos|usamos cookies|utilizamos cookies|este sitio|recibe|mira también|consulta aquí`,
		`nuestro boletín|nuestra newsletter|todos los derechos reservados|política de privacidad|utiliza cookies|síguenos en|en tu correo`},
	"pt": {`leia também|leia mais|ler mais|veja também|veja mais|saiba mais|foto:|fotos:|vídeo:|assine|inscreva-se|siga-nos|siga o|siga a|clique aqui|
		compartilhe|publicidade|newsletter|com informações de|todos os direitos|usamos cookies|este site|receba|continue lendo|confira`,
		`nossa newsletter|todos os direitos reservados|política de privacidade|utiliza cookies|siga-nos no|no seu e-mail`},
	"it": {`leggi anche|leggi di più|leggi tutto|leggi l'articolo|guarda il video|guarda anche|vedi anche|foto:|video:|iscriviti|abbonati|seguici|clicca qui|condividi|
		pubblicità|newsletter|tutti i diritti|utilizziamo i cookie|questo sito|continua a leggere|per approfondire|scopri di più|riproduzione riservata|©`,
		`nostra newsletter|tutti i diritti riservati|informativa sulla privacy|utilizza i cookie|riproduzione riservata|seguici su`},
	"nl": {`lees ook|lees meer|lees verder|bekijk ook|bekijk de video|foto:|video:|abonneer|schrijf je in|volg ons|klik hier|deel dit|advertentie|nieuwsbrief|
		meld je aan|wij gebruiken cookies|deze website|alle rechten`,
		`onze nieuwsbrief|alle rechten voorbehouden|privacybeleid|gebruikt cookies|volg ons op`},
	"ru": {`читайте также|читать далее|читайте нас|подробнее|смотрите также|фото:|видео:|источник:|подписывайтесь|подпишитесь|следите за|нажмите|поделиться|реклама|
		материалы по теме|по теме|все права защищены|мы используем файлы|ранее мы писали|фото и видео`,
		`подписывайтесь на|наш телеграм|нашу рассылку|все права защищены|файлы cookie|в нашем telegram|telegram-канал`},
	"uk": {`читайте також|читати далі|детальніше|дивіться також|фото:|відео:|джерело:|підписуйтесь|підпишіться|стежте за|натисніть|поділитися|реклама|
		матеріали за темою|усі права захищені|раніше ми писали`,
		`підписуйтесь на|нашу розсилку|усі права захищені|файли cookie|telegram-канал`},
	"tr": {`ayrıca okuyun|devamını oku|haberin devamı|ilgili haber|fotoğraf:|foto:|video:|kaynak:|abone ol|bizi takip|tıklayın|buraya tıkla|paylaş|reklam|
		tüm hakları|editör:|haber:|muhabir:`,
		`bizi takip edin|bültenimize|tüm hakları saklıdır|gizlilik politikası|için tıklayın|çerez`},
	"ar": {`اقرأ أيضا|اقرأ أيضاً|اقرأ المزيد|شاهد أيضا|شاهد أيضاً|المزيد:|للمزيد|تابعنا|تابعونا|اشترك|انقر هنا|اضغط هنا|إعلان|صورة:|فيديو:|المصدر:|جميع الحقوق|شارك`,
		`جميع الحقوق محفوظة|ملفات تعريف الارتباط|نشرتنا|تابعونا على`},
	"hi": {`यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|फोटो:|वीडियो:|विज्ञापन|हमें फॉलो|सब्सक्राइब|यहां क्लिक`, `यहां क्लिक करें|सर्वाधिकार सुरक्षित|न्यूजलेटर|सब्सक्राइब करें`},
	"cs": {`děkujeme|čtěte také|čtěte více|přečtěte si|více k tématu|foto:|video:|zdroj:|sledujte nás|přihlaste se|reklama|sdílet`,
		`v článku zaznamenali chybu|kontaktního formuláře|všechna práva vyhrazena|soubory cookie|odběru novinek`},
	"vi": {`xem thêm|xem video|đọc thêm|mời bạn đọc|mời độc giả|ảnh:|ảnh minh họa|video:|nguồn:|theo dõi|đăng ký|nhấn vào đây|bấm vào đây|chia sẻ|quảng cáo|bài liên quan|tin liên quan`,
		`ảnh minh họa|bản quyền thuộc|theo dõi chúng tôi`},
	"zh": {`相关阅读|相關閱讀|延伸阅读|延伸閱讀|阅读更多|閱讀更多|点击|點擊|责任编辑|責任編輯|编辑：|編輯：|来源：|來源：|图片来源|图：|圖：|订阅|訂閱|关注我们|追蹤我們|版权所有|版權所有|广告|廣告|分享`,
		`责任编辑|独家所有|未经授权|不得转载|相关度高吗|版权所有|版權所有|扫描二维码|隐私政策|隱私政策`},
	"ja": {`関連記事|続きを読む|あわせて読みたい|写真：|写真提供|画像：|動画：|広告|購読|フォロー|シェア|無断転載|この記事は`, `無断転載|プライバシーポリシー|メールマガジン|会員登録`},
	"ko": {`관련기사|관련 기사|더보기|사진=|사진:|사진 |영상:|광고|구독|공유하기|무단전재|저작권자`, `무단 전재|무단전재|재배포 금지|저작권자|기자 =|뉴스레터`},
}

// introductions present an author at the end of an article.
var introductions = map[string]wording{
	"en": {``, `is a freelance|is a staff|is a reporter|is a journalist|is an editor|is a senior editor|is a senior reporter|is a senior writer|is the editor|is the author of|is a columnist|is a
		correspondent|is a contributor|is a contributing|is a writer|is an award-winning|is our|is a producer|is a political reporter|covers politics|
		can be reached|follow him|follow her|follow them|his latest book|her latest book|has written for|reporter for the|writes about|author of several`},
	"de": {``, `ist redakteur|ist journalist|ist freier|ist freie|ist autor|ist korrespondent|ist kolumnist|schreibt für|schreibt über|berichtet für|arbeitet als redakteur`},
	"fr": {``, `est journaliste|est rédact|est correspondant|est chroniqueu|est l'auteur|est l’auteur|écrit pour|collabore à`},
	"es": {``, `es periodista|es redactor|es corresponsal|es columnista|es autor de|es autora de|escribe para|escribe sobre|es politólogo|es politóloga|es abogado y|es historiador|es investigador|es profesor de|es profesora de`},
	"pt": {``, `é jornalista|é repórter|é colunista|é correspondente|é autor de|é autora de|escreve para|escreve sobre`},
	"it": {``, `è un giornalista|è una giornalista|è giornalista|è autore|è autrice|è corrispondente|scrive per|si occupa di`},
	"nl": {``, `is journalist|is redacteur|is verslaggever|is correspondent|is columnist|schrijft over|schrijft voor`},
	"ru": {``, `журналист издания|корреспондент издания|автор книги|колумнист`},
	"tr": {``, `gazetecidir|muhabiridir|yazarıdır|editörüdür`},
}
