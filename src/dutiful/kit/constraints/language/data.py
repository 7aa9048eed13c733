"""What tells languages apart: their scripts, common words and own letters, and the two ways to write Chinese."""

from __future__ import annotations

from typing import Literal

NAMES = {
    "English": "en", "Chinese": "zh", "Spanish": "es", "Portuguese": "pt", "Arabic": "ar", "Hindi": "hi", "French": "fr",
    "Russian": "ru", "German": "de", "Japanese": "ja", "Italian": "it", "Bengali": "bn", "Ukrainian": "uk", "Thai": "th",
    "Urdu": "ur", "Tamil": "ta", "Telugu": "te", "Bulgarian": "bg", "Korean": "ko", "Polish": "pl", "Hebrew": "he",
    "Persian": "fa", "Vietnamese": "vi", "Nepali": "ne", "Swahili": "sw", "Kannada": "kn", "Marathi": "mr", "Gujarati": "gu",
    "Punjabi": "pa", "Malayalam": "ml", "Finnish": "fi",
}  # fmt: skip
"""The languages, with their ISO 639-1 codes: those of IFEval, and Chinese."""

IN_CHINESE = {
    "English": "英语", "Chinese": "中文", "Spanish": "西班牙语", "Portuguese": "葡萄牙语", "Arabic": "阿拉伯语",
    "Hindi": "印地语",
    "French": "法语", "Russian": "俄语", "German": "德语", "Japanese": "日语", "Italian": "意大利语", "Bengali": "孟加拉语",
    "Ukrainian": "乌克兰语", "Thai": "泰语", "Urdu": "乌尔都语", "Tamil": "泰米尔语", "Telugu": "泰卢固语",
    "Bulgarian": "保加利亚语", "Korean": "韩语", "Polish": "波兰语", "Hebrew": "希伯来语", "Persian": "波斯语",
    "Vietnamese": "越南语", "Nepali": "尼泊尔语", "Swahili": "斯瓦希里语", "Kannada": "卡纳达语", "Marathi": "马拉地语",
    "Gujarati": "古吉拉特语", "Punjabi": "旁遮普语", "Malayalam": "马拉雅拉姆语", "Finnish": "芬兰语",
}  # fmt: skip
"""The languages as Chinese calls them."""

Language = Literal[
    "English", "Chinese", "Spanish", "Portuguese", "Arabic", "Hindi", "French", "Russian", "German", "Japanese", "Italian",
    "Bengali", "Ukrainian", "Thai", "Urdu", "Tamil", "Telugu", "Bulgarian", "Korean", "Polish", "Hebrew", "Persian", "Vietnamese",
    "Nepali", "Swahili", "Kannada", "Marathi", "Gujarati", "Punjabi", "Malayalam", "Finnish",
]  # fmt: skip

SCRIPTS = {
    "latin": "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ",
    "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f",
    "hebrew": "\u0590-\u05ff",
    "devanagari": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "th": "\u0e00-\u0e7f",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "kana": "\u3040-\u30ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
}
"""The letters of each script, as in a character class. One that a single language writes has its code."""

COMMON = {
    "en": "the of and to in is that it for was on are as with his they at be this have from or had by but not what all were when"
    " we there can an your which their if will each about how up out them then she many some so these would other its who you he"
    " has do does more my our i been than into just also no only any may should could where while because such made make"
    " a me him her us am did over after before against most good best near now never here two one three first last use write"
    " takes small old new every few much long",
    "es": "el la los las de que y en un una por con para es no se su lo como más pero sus le ya o este sí porque esta"
    " entre cuando"
    " muy sin sobre también me hasta hay donde del al son está ser tiene todo",
    "pt": "o a os as de que e em um uma por com para é não se seu sua como mais mas foi ao ele das dos na no nas nos"
    " pela pelo são"
    " está também ser tem já isso muito do da você",
    "fr": "le la les de des et en un une que qui dans pour pas sur au aux avec est ce il elle nous vous ne se plus par sont cette"
    " ces mais ou où son sa ses leur être du je tu très c'est il",
    "de": "der die das und in den von zu mit ist nicht ein eine es im für auf dem sich des auch als an wie oder aber"
    " bei nach wird"
    " sind war sie er ich wir ihr hat noch nur einen einer",
    "it": "il lo la gli le di che e in un una per con non è si sono da del della dei come più ma anche nel nella questo questa ha"
    " al alla i se suo sua essere molto ci",
    "pl": "i w nie na się z do to że jest jak o za od po ale co tak dla przez jego czy tylko może być są oraz które"
    " który jego ich"
    " ten ta było",
    "vi": "và của là có không được cho trong một với các những người này đã để khi ra đến từ như cũng về tôi bạn rất đó",
    "sw": "na ya wa ni kwa katika za la kuwa hii yake watu cha kama pia hiyo au lakini si sana wao mimi vya huu ili hivyo moja",
    "fi": "ja on ei se että hän oli mutta ovat kun niin kuin joka myös olla mitä sen tai vain jos ole kanssa tämä minä he hyvin",
}  # fmt: skip
"""The most common words of the languages in Latin letters."""

OWN = {
    "es": "ñ¿¡", "pt": "ãõ", "fr": "èêœçùà", "de": "äöüß", "it": "ìò", "pl": "ąęłśżźćń", "fi": "äö",
    "vi": "ăơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip
"""Letters that few other languages use."""

SAID = {
    "en": "This is all there is to say about it, and it is not much.",
    "zh": "这就是全部的内容。",
    "es": "Esto es todo lo que hay que decir sobre el tema, y no es mucho.",
    "pt": "Isto é tudo o que há para dizer sobre o assunto, e não é muito.",
    "ar": "هذا كل ما يمكن قوله عن هذا الموضوع.",
    "hi": "इस विषय में इतना ही कहना है और यह बहुत है।",
    "fr": "C'est tout ce que nous avons à dire sur le sujet, et ce n'est pas beaucoup.",
    "ru": "Это всё, что можно сказать об этом.",
    "de": "Das ist alles, was wir zu diesem Thema sagen können, und es ist nicht viel.",
    "ja": "これについて言えることは以上です。",
    "it": "Questo è tutto quello che c'è da dire su questo tema, e non è molto.",
    "bn": "এই বিষয়ে এটুকুই বলার আছে।",
    "uk": "Це все, що можна сказати про її історію.",
    "th": "นี่คือทั้งหมดที่จะพูดเกี่ยวกับเรื่องนี้",
    "ur": "اس موضوع پر بس یہی کہنا ہے اور یہ کافی ہے۔",
    "ta": "இதைப் பற்றி சொல்ல வேண்டியது இவ்வளவுதான்.",
    "te": "దీని గురించి చెప్పడానికి ఇంతే ఉంది.",
    "bg": "Това е всичко, което може да се каже за него в момента, и това е добре за града.",
    "ko": "이것이 이 주제에 대해 말할 수 있는 전부입니다.",
    "pl": "To jest wszystko, co można o tym powiedzieć, i nie jest to dużo.",
    "he": "זה כל מה שיש לומר על הנושא הזה.",
    "fa": "این تمام چیزی است که می‌توان دربارهٔ آن گفت.",
    "vi": "Đây là tất cả những gì có thể nói về điều này.",
    "ne": "यस विषयमा भन्नुपर्ने कुरा यति मात्र हो र यो धेरै छ।",
    "sw": "Haya ni yote ya kusema kuhusu jambo hili, na si mengi kwa watu wa hapa.",
    "kn": "ಇದರ ಬಗ್ಗೆ ಹೇಳಲು ಇಷ್ಟೇ ಇದೆ.",
    "mr": "या विषयावर एवढेच सांगायचे आहे आणि ते पुरेसे आहे.",
    "gu": "આ વિષય પર આટલું જ કહેવાનું છે.",
    "pa": "ਇਸ ਬਾਰੇ ਇੰਨਾ ਹੀ ਕਹਿਣਾ ਹੈ।",
    "ml": "ഇതിനെക്കുറിച്ച് ഇത്രയേ പറയാനുള്ളൂ.",
    "fi": "Tämä on kaikki, mitä siitä voi sanoa, ja se ei ole paljon.",
}
"""One sentence in each language that fits after most texts."""

_TRADITIONAL = (
    "國學說這個來時們為會對過還發現問題樣實開關長門見車東書馬愛話語讀寫買賣點電腦網機應該讓給從與種將聽聲歲葉難雞師幫變處號鄉"
    "萬歡漢觀頭體錢鐵銀鏡飯館紅綠經結線練級總統認識課論請誰調談謝證護貴費賽質輕較輸轉運遠進達選邊際陽陰險隨雜離頁順須預領顏願"
    "顯風飛養驗魚鳥麗齊龍產動勞務區單廣歷張當彈態憶戰擇擔換損搖數斷無業極榮樂標樹檢歐決況湯滿濟燈爭牆獨獎環畫異療盡監確禮積穩"
    "節築類糧紙細組絕維編緊縣聯職脫興舉舊藝藥蘋蟲術衛補裝複規視親訂計記設許評詞試詩詳誤誠購贈趕軍農適遲鄰醫釋針鋼錄錯鍵鏈鐘閉"
    "間閱陣陸隊階雖雙靈靜項頓頻顧飲駕騎鮮鹽麥黃齡"
)
_SIMPLIFIED = (
    "国学说这个来时们为会对过还发现问题样实开关长门见车东书马爱话语读写买卖点电脑网机应该让给从与种将听声岁叶难鸡师帮变处号乡"
    "万欢汉观头体钱铁银镜饭馆红绿经结线练级总统认识课论请谁调谈谢证护贵费赛质轻较输转运远进达选边际阳阴险随杂离页顺须预领颜愿"
    "显风飞养验鱼鸟丽齐龙产动劳务区单广历张当弹态忆战择担换损摇数断无业极荣乐标树检欧决况汤满济灯争墙独奖环画异疗尽监确礼积稳"
    "节筑类粮纸细组绝维编紧县联职脱兴举旧艺药苹虫术卫补装复规视亲订计记设许评词试诗详误诚购赠赶军农适迟邻医释针钢录错键链钟闭"
    "间阅阵陆队阶虽双灵静项顿频顾饮驾骑鲜盐麦黄龄"
)

FORMS = {
    "simplified": dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)),
    "traditional": dict(zip(_SIMPLIFIED, _TRADITIONAL, strict=True)),
}
"""For each way to write Chinese: the characters that do not belong to it, and those that stand in their place."""
