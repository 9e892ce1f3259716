package language

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// stopLists are the function words of each language: articles, pronouns, prepositions,
// conjunctions, auxiliaries and the adverbs that say nothing about the subject.
var stopLists = map[string]string{
	"en": `a about above after again against ago all almost along already also although always am among an and
		another any anyone anything are around as at away back be became because become been before being below between
		both but by came can cannot come could couldn did didn do does doesn doing don done down during each either else
		enough even ever every few for from further get gets getting go goes going gone got had hadn has hasn have haven having
		he her here hers herself him himself his how however i if in instead into is isn it its itself just least less let like
		ll made make makes making many may maybe me might mine more most much must my myself near neither never no nor not now
		of off often on once one only onto or other others our ours ourselves out over own per perhaps quite rather re really
		said same say says saying see seen shall she should shouldn since so some such than that the their theirs them
		themselves then there these they thing things this those though through thus to together too toward towards under
		until up upon us ve very via was wasn way we well went were weren what whatever when where whether which while who
		whom whose why will with within without won would wouldn yes yet you your yours yourself`,
	"de": `aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus außerdem
		bei beim bereits bin bis bist da dabei dadurch dafür dagegen daher damit danach dann daran darauf daraus darf darin darüber
		darum das dass dazu dein deine dem den denen denn dennoch der deren des deshalb dessen die dies diese diesem diesen
		dieser dieses doch dort du durch dürfen ebenfalls eher ein eine einem einen einer eines einige einigen einmal er erst es
		etwa etwas euch euer eure falls für gegen gegenüber gibt habe haben hat hatte hatten hätte hätten hier hin hinter ich ihm
		ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja je jede jedem jeden jeder jedes jedoch jetzt kann kein
		keine keinem keinen keiner können könne könnte könnten man manche mehr mein meine mich mir mit muss müssen müsse
		musste mussten nach nachdem neben nicht nichts noch nun nur ob oder ohne per sagt sagte schon sehr sei seien sein seine
		seinem seinen seiner seines seit selbst sich sie sind so sogar solche soll sollen sollte sollten somit sondern sonst
		sowie teilte um und uns unser unsere unter viel viele vom von vor war wäre waren wären warum was weil weiter
		weitere weiteren welche welcher wenn wer werde werden weshalb wie wieder wir wird wo wobei wurde wurden würde würden
		zu zudem zum zur zwar zwischen über`,
	"fr": `a afin ai ainsi alors après as au aucun aucune aujourd auprès aura auraient aurait auront aussi autour autre autres aux
		avaient avait avant avec avez avoir avons ayant beaucoup bien c car ce ceci cela celle celles celui cependant certains
		ces cet cette ceux chaque chez comme comment contre d dans de depuis dernier dernière des dès desquels deux dit doit doivent
		donc dont du durant elle elles en encore entre es est et étaient était étant été être eu eux fait faire faut fois font
		hui il ils j je jusqu jusque l la là laquelle le lequel les lesquels leur leurs lors lorsqu lorsque lui m ma mais me
		même mêmes mes moi moins mon n ne ni non nos notre nous on ont or ou où par parce parfois parmi pas pendant peu peut
		peuvent plus plusieurs plutôt pour pourquoi pourrait près puis puisque qu quand que quel quelle quelles quelque quelques
		quels qui quoi s sa sans se selon sera seraient serait seront ses si sien soi soit son sont sous souvent sur t ta tandis tant
		te tel telle tes toi ton toujours tous tout toute toutefois toutes très trop tu un une va vers voici voilà vont vos votre
		vous y ça`,
	"es": `a acá ahí ahora al algo alguien algún alguna algunas alguno algunos allí ante antes aquel aquella aquellas aquello aquellos
		aquí así aún aunque bajo bien cada casi como cómo con contra cual cuales cualquier cuando cuánto de debe deben del desde
		después dice dijo donde dónde dos durante e el él ella ellas ello ellos en entonces entre era eran es esa esas ese eso esos
		esta está ésta estaba estaban estado están estar estas este esto estos fue fueron ha haber había habían han hasta hay
		hace hacer hacia he hecho hizo hoy incluso la las le les lo los luego más me mediante mejor menos mi mientras mis mismo misma
		mucho muchos muy nada ni ningún ninguna no nos nosotros nuestra nuestro nunca o otra otras otro otros para pero poco podía
		por porque pues puede pueden que qué quien quién quienes se sea sean según ser será serán si sí sido siempre sin sino sobre
		solo sólo son su sus también tampoco tan tanto te tenía tener tiene tienen toda todas todavía todo todos tras tu tú un una
		unas uno unos usted va van varios vez y ya yo`,
	"pt": `a ainda além algo alguém algum alguma algumas alguns ali ante antes ao aos apenas após aquela aquelas aquele aqueles aqui
		as assim até cada com como contra contudo cuja cujo da das de dela delas dele deles depois desde dessa desse desta deste deve
		devem disse diz do dois dos durante e é ela elas ele eles em embora enquanto então entre era eram essa essas esse esses esta está
		estão estar estas estava estavam este estes estou eu faz fazer foi for foram há isso isto já la lá lhe lhes lo logo mais mas
		me mesma mesmo meu meus minha muita muito muitos na nada não nas nem nenhum nenhuma no nos nós nossa nosso num numa nunca o onde
		ontem os ou outra outras outro outros para pela pelas pelo pelos perante pode podem pois por porém porque pouco primeiro qual
		qualquer quando quanto quase que quem se segundo seja sem sempre sendo ser será serão seu seus si sido sim sob sobre sua suas só
		também tanto te tem têm tendo ter teve tinha tinham todo toda todas todos tu tudo um uma umas uns vai vão você vocês à às`,
	"it": `a abbia abbiamo ad agli ai al alcune alcuni all alla alle allo allora altra altre altri altro anche ancora anni avere aveva
		avevano c che chi ci ciò circa coi col come con contro così cui d da dagli dai dal dall dalla dalle dallo degli dei del dell
		della delle dello dentro deve di dice do dopo dove due dunque durante e è ecco ed era erano essere fa fatto fin fino fra fu
		furono già gli ha hai hanno ho i il in infatti infine invece io l la le lei li lo loro ma mai me meno mentre mi mia mio molti
		molto ne negli nei nel nell nella nelle nello nessuno noi non nostra nostro o ogni oggi oltre ora ossia perché per però più
		poi poco prima proprio può possono qual quale quali qualche quando quanto quasi quegli quei quel quella quelle quelli quello
		questa queste questi questo qui quindi s sarà saranno se sé secondo sei sempre senza si sia siano solo sono soprattutto sopra
		sotto stata state stati stato stesso su sua sue sugli sui sul sull sulla sulle suo suoi tra tre troppo tu tutta tutte tutti
		tutto un una uno va verso vi voi`,
	"nl": `aan achter al alle alleen als altijd andere anderen ben bij binnen boven daar daarbij daarmee daarna daarom dan dat de deze
		die dit doen door dus een eerder eerst elk elke en enkele er eens echter ging haar had hadden hebben hebt heeft heel hem hen
		het hier hij hoe hun iemand iets ik in is ja je jij jou jouw kan kon konden kunnen kwam liet maar me meer meest men met mij
		mijn moest moet moeten mogen naar naast na nadat niemand niet niets nog nooit nu of om omdat onder ons ook op over pas sinds
		sommige steeds te tegen ten ter terug terwijl tijdens toch toen tot tussen u uit uw van vanaf vanuit veel vele verder voor
		vooral voordat waar waarbij waarin waarom wanneer was waren wat we wel welke werd werden wie wij wil wilde willen word
		wordt worden ze zegt zei zeer zelf zich zij zijn zo zoals zonder zou zouden zowel zullen zal`,
	"ru": `а без бы был была были было быть в вам вас весь во вот все всё всего всех всем вы где да даже для до его ее её если есть еще
		ещё же за здесь и из или им их к как какая какой какие ко когда который которая которое которые которых которого которой
		кто ли лишь между меня мне много может можно мой мы на над надо нас наш не него нее неё ней нет ни них но ну о об однако
		он она они оно от очень перед по под после потому почему при про с сам сама сами свои свой своих своей своего себя со
		сейчас сказал сказала стал стала так также такая такие такой там те тебя тем теперь то того тоже той только том тот ту тут ты
		у уже хотя чего чем через что чтобы чтоб эта эти этим этих это этого этой этом этому этот эту я`,
	"uk": `а або адже але б без би бо був була були було бути в вам вас ви вже від він вона вони воно все всі всіх всього вся де для до
		до є ж же з за зі із і й їй її їм їх його йому ким коли кому крім котрий ледве лише майже мене мені між ми мій може можна
		моя на навіть над нам нас наш не нього неї ній ні ніж них но ну о один однак ось перед під після по поки при про проте
		раз разом сам сама саме свій своїх своєї своєю себе скільки собі стало та так така таки такий також там твій те тебе тепер ти
		тим то тобі того тоді той тому треба тут ту у усі хоча хто це цей ця ці цього цьому цим цих через чи чим чого чому ще що
		щоб щодо який яка яке які яких якого якої якщо як я`,
	"tr": `acaba ama ancak artık asla aslında az bana bazı belki ben benim beri bile bin bir biraz birçok biri birkaç birlikte biz bize
		bizim böyle böylece bu buna bunda bundan bunlar bunu bunun burada bütün çok çünkü da daha dahi de defa değil diğer diye
		dolayı dolayısıyla edecek eden ederek edildi edilen etti ettiği fakat gibi göre hala halen hangi hatta hem henüz hep hepsi her
		herhangi herkes hiç için iki ile ilgili ise işte itibaren kadar karşın kendi kendisi ki kim kimse mi mı mu mü nasıl ne neden
		nedenle nerede niçin niye o olan olarak oldu olduğu olduğunu olması olmak olsa olup olur on ona ondan onlar onların onu onun
		ortaya oysa öyle rağmen sadece sanki sen siz sonra söyledi şekilde şey şimdi şöyle şu tarafından tüm üzere üzerinde var ve veya
		ya yani yapılan yapan yaptığı yer yine yok zaten`,
	"ar": `في من إلى على عن مع هذا هذه ذلك تلك التي الذي الذين اللذين اللتين ما ماذا لا لم لن ليس ليست أن إن أنه إنه أنها إنها كان كانت كانوا
		يكون تكون قد لقد كل كما أو أم بل ثم حتى حيث خلال بعد قبل بين عند عندما منذ هو هي هم هن نحن أنا أنت أي أيضا أيضاً غير سوى
		إذا إذ لكن لكنه ولكن بعض أكثر أقل حول ضد تحت فوق دون عبر لدى لديه وقد وهو وهي وأن وإن ومن وفي وعلى وإلى وما ولا ولم وكان وكانت
		له لها لهم به بها بهم فيه فيها منه منها عليه عليها إليه إليها عنه عنها كانوا وقال قال قالت وقالت يقول وأضاف مثل نحو هناك هنا
		الى ان او اي التى الذى وذلك وهذا وهذه كذلك بينما لأن لذلك يمكن يتم تم`,
	"hi": `का के की को में से पर है हैं था थी थे और या एक यह वह ये वे इस उस इन उन इसके उसके इसकी उसकी इसका उसका उनके उनकी उनका इनके अपने अपनी
		अपना ने भी ही तो कि जो जिस जिसके जिसमें जब तब तक कर करने करना करते करता करती किया किए की गई गया गए हो होने होता होती होते
		हुए हुआ हुई रहा रही रहे नहीं न लिए साथ बाद पहले द्वारा लेकिन मगर अगर क्या क्यों कैसे कहा कहते जा जाता जाती जाने दिया दी दे
		लेकर वाले वाली वाला सकता सकते सकती कुछ कई सभी सब बहुत अब यहां वहां मैं हम आप तुम मुझे हमें उन्हें इसे उसे उन्होंने उन्होने
		उसने इसने जैसे तरह बारे और तथा एवं`,
	"vi": `à ạ ai anh bà bằng bị bởi cả các cái cần càng cho chỉ chính chưa chứ có còn cô cũng của cùng cứ do đã đang đây để đến đều đi
		điều đó đối được gì hay hơn họ khi không là lại lên mà mỗi một mới nào này nên nếu ngay người nhiều như nhưng những nơi nữa
		ông phải qua ra rằng rất rồi sau sẽ sự tại thì theo thế thể trên trong trước từ tới từng và vẫn vào vậy về vì việc với vừa`,
	"pl": `a aby ale bardzo bez będzie był była było były być co czy dla do gdy gdzie go i ich ile im iż ja jak jako je jego jej jednak
		jest jeszcze jeśli już każdy kiedy kto która które którego której który którzy lub ma mają może można mu my na nad nam nas
		nie nich niego niej nim niż o od on ona one oni oraz po pod podczas przed przez przy są się swoje ta tak także tam te tego
		tej ten też to tu tych tylko tym u w we wiele więc wszystko z za ze że żeby`,
	"sv": `alla allt att av blev bli blir de dem den denna deras dess det detta dig din där då efter ej eller en ett ha hade han hans
		har hela hennes henne hon honom hur här i in inte jag kan kunde man med mellan men mer mig min mot mycket ni nu när någon något
		några och också om oss på sig sin sina sitt ska skulle som så till under upp ut utan vad var vara varit vi vid vilka än är
		över säger`,
	"da": `ad af alle alt at blev blive bliver da de dem den denne der deres det dette dig din disse efter eller en end er et for fra
		ham han hans har havde hende hendes her hos hun hvad hvis hvor i ikke ind jeg jo kan kunne man mange med meget men mere mig
		min mod når nogle noget nu og også om op os over på sig sin skal skulle som sådan til ud under var vi vil ville være været`,
	"no": `alle at av ble bli blir da de dem den denne der det dette du eller en enn er et etter for fra før ha hadde han hans har henne
		her hun hva hvor i ikke inn jeg kan kom kunne man mange med mellom men mer mot noe noen nå når og også om opp oss over på
		seg sin sine skal skulle som så til under ut var ved vi vil ville være vært`,
	"id": `ada adalah agar akan antara atau bagi bahwa banyak beberapa belum bisa dalam dan dapat dari dengan di dia harus hingga ia ini
		itu jika juga kami karena kata ke kepada ketika lain lebih masih mereka namun oleh pada para pun saat saja sama sampai sangat
		saya sebagai sebelum sebuah secara sedang sehingga sejak sekitar semua seorang seperti serta setelah sudah tahun telah
		tentang terhadap tersebut tetapi tidak untuk yang`,
	"ro": `a acest această acestea acum ai al ale alte am ar are aș au avea aveau ca care ce cea cei cel cele cu cum că când dar de
		deja despre din după ea ei el ele este eu fi fie fost fără în între își îi la le lor lui mai mult ne nici noi nu o or pe
		pentru prin sa să sale sau se și sunt său tot un una unei unor unui va vor`,
	"fa": `از است این آن با برای بر به که را در و یا تا هم هر همه هیچ ما من او آنها شما شد شده شود می نمی بود بوده باشد دارد دارند کرد کرده
		کند کنند گفت خود یک نیز اما اگر پس پیش بین روی هستند چه چون دیگر های ها ای`,
}

var stopSets = sync.OnceValue(func() map[string]map[string]bool {
	sets := make(map[string]map[string]bool, len(stopLists))
	for lang, list := range stopLists {
		set := map[string]bool{}
		for _, w := range strings.Fields(list) {
			set[w] = true
		}
		sets[lang] = set
	}
	return sets
})

// Stop tells whether a word, in lower case, is a function word of the language.
func Stop(word, lang string) bool { return stopSets()[lang][word] }

const (
	// stopWordsSeen is how many function words a text must have, and stopWordsShare
	// which share of all its words, to be taken for a language; stopWordsLead how far
	// before the next language. News has 30 to 50 % function words.
	stopWordsSeen  = 6
	stopWordsShare = 0.22
	stopWordsLead  = 1.25
)

// stopIndex tells for each function word which languages have it: bit i stands for
// the i-th language in alphabetical order.
var stopIndex = sync.OnceValues(func() (langs []string, index map[string]uint32) {
	langs = slices.Sorted(maps.Keys(stopLists))
	index = map[string]uint32{}
	for i, lang := range langs {
		for w := range stopSets()[lang] {
			index[w] |= 1 << i
		}
	}
	return langs, index
})

// byStopWords finds the language whose function words a text is full of. It is certain
// only about the languages that have a list.
func byStopWords(text string) (string, bool) {
	langs, index := stopIndex()
	count := 0
	hits := make([]int, len(langs))
	for w := range words(text) {
		count++
		for set := index[strings.ToLower(w)]; set != 0; set &= set - 1 {
			hits[bits.TrailingZeros32(set)]++
		}
	}
	best, second := 0, 0
	for i, n := range hits {
		if n > hits[best] {
			best, second = i, hits[best]
		} else if i != best {
			second = max(second, n)
		}
	}
	n := float64(hits[best])
	sure := n >= stopWordsSeen && n >= stopWordsShare*float64(count) && n >= stopWordsLead*float64(second)
	return langs[best], sure
}
