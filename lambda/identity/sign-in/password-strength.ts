import { ZxcvbnFactory } from '@zxcvbn-ts/core';

/**
 * Words in the most common passwords: from the lists of @zxcvbn-ts/language-common (MIT), without offensive ones, plus
 * Japanese ones. The complete list is larger than the function.
 */
const commonWords = `
aardvark aaron access accord action adgjmptw adidas admin administrator adrian airborne airforce airplane
alabama alaska albert alexande alexander alexandr alexis alfred alicia alison allison alpha alpine alyssa amanda
amateur amber america american anderson andre andrea andreas andrew andrey angel angela angelina angels animal
anthony antonio apache apollo apple apples aragorn arigato arizona arnold arsenal arthur artist asdasd asdfasdf
asdfg asdfgh asdfghj asdfghjk asdfghjkl ashley assassin athena atlanta atlantis audrey august aurora austin
autumn avalon avatar awesome azerty babydoll babygirl babylon badass badboy badger bailey baller bambam banana
bandit barbara barbie barcelona barney baseball basket basketba basketball batman baxter beach beatles beauty
beavis benjamin benson berlin bernie bigboy bigdaddy bigdog bigfoot bigmac bigman bigone bigred billy billybob
birdie birthday bishop biteme blabla black blahblah blaster blazer blink blizzard blonde blondie bluebird
bobafett bobby bobcat bonnie booger boogie boomer booty boston bowling bradley brandi brandon brandy braves
brazil brenda brian britney brittany bronco broncos brooke brooklyn brother brown browns bruins brutus bubba
bubble bubbles buckeye buckeyes buddha buddy budlight buffalo bulldog bulldogs bullet bunny burger burton
business buster cadillac caesar callie calvin camaro cameron campbell canada cancer candy cannon captain
cardinal carlos carmen carolina caroline carrie carter cartman casey casino casper cassie castle catch catdog
catfish cavalier celtic cessna champion chance chandler change changeme charger charles charlie check cheese
chelsea cherokee cherry cheryl chester chevelle chevy cheyenne chicago chicken chiefs chipper chocolat chopper
chris chrissy christ christia christin christy chronic cjkysirj claire classic claudia clinton cobra cocacola
coffee college colorado colors compaq computer connie connor consumer control cookie cookies cooper copper
corona corvette cougar country courtney cowboy cowboys coyote crazy creative cricket cristina crystal cthutq
curtis daddy daisy dakota dallas dancer danger daniel danielle danny darkness darkside darkstar david dbrnjhbz
death debbie december defender deftones denise dennis denver design destiny detroit devildog devils dexter
dfvgbh diablo diamond diamonds diesel digger digital dilbert disney doctor dodgers doggie doggy dollar dolphin
dolphins domino donald donkey doraemon douglas dragon dragons dreamer dreams driver drowssap drpepper drummer
ducati dudley duncan dustin eagle eagles eatme eclipse eddie edward einstein elaine electric element elena
elephant elizabet elizabeth elvis emerald eminem empire engineer england enjoy enter enterpri eugene everton
explorer express extreme falcon family fantasy farmer fatboy father fender ferrari ficken fireball firebird
fireman fisher fishing fktrcfylh fktrctq flash flipper florida flower flowers fluffy flyers foobar football
forest forever france francis frank frankie franklin freaky freddie freddy fredfred freedom freeman freepass
freeuser friday friend friends froggy future fyfcnfcbz fylhtq gabriel galaxy galina galore gambit gandalf garcia
garden garfield gateway gators gemini general genesis genius george georgia german germany gfhjkm ghbdtn giants
gibson ginger girls gizmo gloria goblue goddess godzilla goforit goldberg golden goldfish goldie golfer goober
google gordon gracie great green greenday gregory griffin guinness guitar gundam gunner hacker hamilton hamlet
hammer hamster hannah happy hardon harley harold harrison harry harvey hawaii hawkeye heather heaven hellfire
hello helpme hendrix hercules herman hesoyam highland hiphop hitman hjvfirf hobbes hobbit hockey holiday holland
holly homer honda honey hornet horney horse horses hotdog hotrod hotstuff hottie house houston howard hummer
hunter hunting huskers ibanez icecream iceman iloveu iloveyou impala indian indiana indians indigo infinity
insane integra internet ireland irina ironman isabella isabelle island italia iwantu jackass jackie jackson
jaguar james japan jasmin jasmine jason jasper jeffrey jennifer jenny jeremy jerome jerry jessica jessie jester
jesus jimmy joanne joejoe johnny johnson joker jonathan jones jordan joseph joshua julian julie jungle junior
jupiter justice justin justme juventus kaiser karate karen karina katana kathleen katie kawasaki kelly kelsey
kenneth kermit kevin killer kimberly kirill kissme kitten kitty klaster knicks kodiak konnichiwa kramer kristen
kristin kristina lacrosse ladies lakers lancer larisa lasvegas laura lauren lawrence leather legend lennon
leonard leonardo leslie lestat letmein liberty lickme lifehack light lights lincoln linda lindsay little
liverpoo liverpool lizard login logitech lollol london lonewolf longhorn looking louise lovelove lovely loveme
loveyou lucifer lucky machine maddie maddog madison madman madmax madonna maggie magic magnum maiden maksim
malibu manager manchester manson manutd marathon marcel marcus maria mariah marie marina marine marines marino
mario marion marlboro marley marshall martha martin marvin maryjane master matrix matthew maverick maxima
maximus maxwell melanie melissa member mercedes mercury merlin metallic metallica mexico michael michele
michelle michigan mickey microsoft miller millie minecraft minnie miranda mister mistress mitchell molly monday
money monica monika monkey monster montana montreal mookie moose morgan morpheus morris mother motorola mountain
mouse mozart muffin murphy music mustang mylove nadine napoleon naruto nascar natali natalie natasha nathan
naughty nelson nemesis newport newton newyork nfnmzyf nicholas nicolas nicole nikita nintendo nipple nipples
nippon nirvana nissan norman norton nothing november october oksana oliver olivia online openup orange orlando
oscar outlaw overlord packard packers pakistan paladin pamela pandora pantera panther panthers panzer paradise
paris parker pascal passion passport passw passwor password patches patricia patrick patriots pavilion peaches
peanut pearljam pebbles peekaboo peewee pegasus pencil penguin people pepper pepsi perfect pervert peter phantom
philip phoenix phpbb picard pickle pierre piglet pimpin pioneer pirate pitbull pizza platinum player please
poison pokemon polaris police polina pontiac poohbear pookie poopoo popcorn popeye porsche potter power powers
precious predator prelude presario pretty prince princess private psycho pumpkin purple pussies pyramid qazqaz
qazwsx qazwsxedc qazxsw qwaszx qweasd qweasdzxc qweqwe qwert qwerty qwertyu qwertyui qwertyuiop rabbit racecar
rachel racing raider raiders rainbow random ranger rangers raptor rascal rasdzv raven raymond reaper rebecca
reddog redhead redman redneck redrum redskins redsox redwings reggie regina remember renegade richard robbie
robert roberto rocket rocks rockstar rocky roland rolltide ronald ronaldo ronnie rooster roscoe rosebud rulez
runner ruslan russell russia rusty sabrina sailor saints sakura samantha sammie sammy sampson samson samsung
samuel samurai sandman sandra sandy sarah sasha saturn savage savannah scarface school scooby scooter scorpio
scorpion scotland scott scotty scully seattle secret security semperfi serega serenity sergey service seven
shadow shaggy shamrock shannon sharon shelby shelly sherlock shirley shorty shotgun sidney siemens sierra silver
simon simone simple simpson simpsons single sister skater skeeter skipper skippy skyline slayer slipknot smiley
smith smitty smoke smokey smooth snake snickers sniper snoopy snowball snowman soccer softball software sophia
sophie sparky spartak spartan special speedy spencer spider spiderma spiderman spike spirit spitfire spooky
sports spring srinivas stacey stalker stanley stargate startrek starwars stealth steelers stefan stella stephani
stephen sterling steve steven stewart stinger stingray stinky stones storm stormy street strike student stupid
subaru sublime success sugar summer sundance sunday sunset sunshine super superman surfer suzuki svetlana sweet
sweetie sweetpea sweety swimming swordfis swordfish sydney system tanner target tarheels tattoo taurus taylor
teacher techno teens tennis teresa tester testing testtest texas thailand theman theone therock thomas thuglife
thumper thunder tickle tiffany tiger tigers tigger timber timothy tinker titanic tokyo tomcat tommy tomtom
topgun tornado toronto toshiba toyota transam travel travis trevor trfnthbyf trigger trinity tristan triumph
trooper trouble trucker trucks trumpet trustno tucker turkey turtle tweety tyler unicorn united valentin
valentina valera valerie vampire vanessa vegeta veronica veronika vfhbyf vfrcbv victor victoria victory video
viking vikings viktor vincent viper vision vladimir voodoo voyager walker wallace walter warcraft warrior water
weasel welcome wesley westside whatever white whynot wicked wildcat wildcats william williams willie willow
wilson windows winner winnie winston winter wizard wolfgang wolfpack wolverin wolves wombat wonder woody
wordpass wrangler wutang xavier xfiles yamaha yankee yankees yellow yfnfif young zachary zaqwsx zeppelin zipper
zombie zxcvbn zxcvbnm
aishiteru aisiteru akane akihabara akira anata angou anpanman anshou aoki arashi arigatou asuka ayumi baka boku
budou carp chiba chihiro conan daiki daisuki daisukidayo densha desu docomo dragonball egao emiko endo evangelion
fujii fujisan fujiwara fukuda fukuoka gakkou gakusei ganbare ganbaru ganbatte genki genkidesu ghibli ginza
gochisousama gomen gomennasai goto gozaimasu hajimemashite hana hanabi hanabira hanako hanami hanshin harada haruka
haruto hasegawa hashimoto hatsune hatsunemiku hayashi hayato heisei heiwa hellokitty hideki hikari himawari himitsu
hina hiroshi hiroshima hiroto hokkaido hokkaidou honshu hoshi ichigo ichiro ikeda inochi inoue ishida ishii ishikawa
itadakimasu itou jiburi jiro jitensha judo juudou kaisha kaito kanagawa kaneko kaori kato katou kawa kawaii kaze
kazoku kazuki kazuko keiko kendo kenji kenta kibou kimetsu kimetsunoyaiba kimura kizuna kobayashi kobe kokoro
konbanwa kondo konnichiha kuma kuruma kyoto kyouto kyushu kyuushuu luffy makoto matsuda matsumoto mayumi megumi
michiko mikan miku mirai misaki miura momiji momo mori morita moshimoshi murakami nagoya nakagawa nakama nakamura
nakano nakayama nanami naoki naomi neko nezuko nihon nihongo ninja nishimura nobita ocha ogawa ohayo ohayou
ohayougozaimasu okada okaeri okamoto okinawa okonomiyaki omedetou onegai onegaishimasu onepiece onigiri oosaka osaka
pasuwaado pasuwado pikachu pokemonn raamen rakuten ramen reiwa riku rina ringo ryota ryuu sachiko sailormoon saitama
saito saitou sakamoto saki sakka sapporo sasaki sato satoh satoshi satou sayonara sayounara sendai sensei shiawase
shibuya shikoku shimizu shinjuku shinkansen shogun shota shouta shouwa showa softbank sonic sora suki sukiyaki
sumimasen sumou sushi tadaima taishou taiyou takahashi takashi takeshi takeuchi takoyaki takumi takuya tamura tanaka
tanjirou taro tarou tatsuya tempura tomodachi tomoko tora totoro toukyou tsubaki tsuki ueda usagi wada wanpiisu
watanabe watashi yakyuu yama yamada yamaguchi yamamoto yamazaki yoko yokohama yoroshiku yoshida yuki yume yumiko
yuta yuto yuuki zelda
`
  .trim()
  .split(/\s+/);

const strong = 4; // of 0 to 4: more than 10^10 guesses

const strength = new ZxcvbnFactory({ dictionary: { common: commonWords } });

/**
 * Whether a password can be guessed within 10^10 attempts: a common word with added capitals, digits and symbols, a row
 * of keys, repetitions, or personal data (`known`: address, name).
 */
export const isEasyToGuess = (password: string, known: readonly string[]): boolean =>
  strength.check(
    password,
    known.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter((text) => text.length > 2),
  ).score < strong;
