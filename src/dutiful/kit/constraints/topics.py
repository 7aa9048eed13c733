"""What the writer writes about: subjects of everyday life, true plain sentences on each, and how a user asks about them.

Topics and wordings of questions are disjoint between the splits. Sentences stand in any order and number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Topic(NamedTuple):
    """subject: as it stands in a question. sentences: in English. chinese: the same subject in simplified Chinese."""

    split: str
    subject: str
    sentences: tuple[str, ...]
    chinese: tuple[str, ...]


ASKING: Mapping[str, tuple[str, ...]] = {
    "train": (
        "Describe {subject}.",
        "Tell me about {subject}.",
        "Write a note about {subject}.",
        "Explain {subject} to a visitor.",
        "What should a beginner know about {subject}?",
        "Give me an introduction to {subject}.",
    ),
    "validation": (
        "Sum up what matters about {subject}.",
        "Give an account of {subject}.",
        "What would you tell a friend about {subject}?",
        "Say something useful about {subject}.",
    ),
    "test": (
        "Present {subject} to someone who is new to it.",
        "What is there to say about {subject}?",
        "Put together some facts about {subject}.",
        "I would like to read something about {subject}.",
        "Draft a text on {subject}.",
    ),
}
"""Questions by split."""


def _topic(split: str, subject: str, english: str, chinese: str) -> Topic:
    return Topic(split, subject, tuple(english.strip().split("\n")), tuple(chinese.split()))


TOPICS: Mapping[str, Topic] = {
    # train
    "bread": _topic(
        "train",
        "baking bread at home",
        """
Bread needs only flour, water, salt and a little yeast.
Most loaves bake for 35 to 40 minutes in a hot oven.
Knead the dough for ten minutes until it feels smooth and springy.
A bowl of water in the oven keeps the crust from setting too early.
Rye flour makes a darker loaf, while wheat flour makes a lighter one.
Let the loaf cool on a rack before you cut the first slice.
In Germany, people eat many kinds of dark bread with butter and cheese.
Old bread makes good toast, crumbs or soup.
""",
        "面包只需要面粉、水、盐和一点酵母。 大多数面包要烤四十分钟。 面包凉了以后再切更好。",
    ),
    "bicycle": _topic(
        "train",
        "looking after a bicycle",
        """
A clean chain runs quietly and lasts far longer.
Check the tyres once a week, because soft tyres wear out early.
Good brakes should grip before the lever touches the handlebar.
In Amsterdam, a third of all journeys are made by bicycle.
A small pump, two levers and a spare tube fit under the saddle.
Put one drop of oil on each link, then wipe off the rest.
Lights are required after dark in most of Europe.
Ask a shop to true the wheels every 2000 kilometres.
""",
        "自行车的链条要保持干净。 每周检查一次轮胎。 晚上骑车要开灯。",
    ),
    "library": _topic(
        "train",
        "the public library",
        """
The library lends books, films, games and even tools.
A card is free for everyone who lives in the town.
You may keep a book for 4 weeks and renew it twice.
On Tuesday afternoons, volunteers read stories to young children.
The quiet room upstairs has desks, lamps and a view of the park.
Staff can order almost any title from another branch.
Late books cost 10 cents a day, but nobody is turned away.
Many people come only for the warm chairs and the newspapers.
""",
        "图书馆可以借书，也可以借电影。 借书证是免费的。 楼上有一个安静的阅览室。",
    ),
    "lighthouse": _topic(
        "train",
        "the old lighthouse",
        """
The lighthouse was built in 1872 on a bare rock.
Its lamp turns slowly and can be seen from 20 miles away.
Until 1968, a keeper and his family lived in the tower.
Visitors climb 196 steps to reach the gallery at the top.
The walls are thick, white and streaked with salt.
In winter, waves sometimes break over the door.
Seals rest on the stones below when the tide is out.
A small museum shows maps, lenses and the log of Captain Reed.
""",
        "灯塔建于一八七二年。 灯光在很远的海上也能看见。 冬天海浪很大。",
    ),
    "rain": _topic(
        "train",
        "how rain forms",
        """
Rain begins when warm, moist air rises and cools.
Water vapour settles on tiny grains of dust and forms droplets.
A cloud droplet is about 100 times smaller than a raindrop.
When droplets collide, they grow heavy and start to fall.
Mountains force air upwards, so their windward side is wet.
Cherrapunji in India is one of the wettest places on Earth.
Farmers watch the sky, the wind and the swallows for signs of rain.
Light rain falls at about 2 metres a second.
""",
        "暖湿的空气上升以后会变冷。 水汽变成小水滴。 水滴变重就会落下来。",
    ),
    "tea": _topic(
        "train",
        "making a good pot of tea",
        """
Fresh water makes better tea than water that has boiled twice.
Green tea likes 80 degrees, but black tea wants boiling water.
Warm the pot first, then add one spoon of leaves for each cup.
Three minutes are enough for most black teas.
In Japan, powdered tea is whisked with a small bamboo brush.
Milk, lemon and honey are matters of taste.
Keep the leaves in a dark tin, away from spices.
The best leaves can be poured over 2 or 3 times.
""",
        "泡茶要用新鲜的水。 绿茶不要用开水泡。 茶叶应该放在干燥的地方。",
    ),
    "garden": _topic(
        "train",
        "a small kitchen garden",
        """
A bed of 2 square metres feeds a family with salad all summer.
Choose a sunny place with loose, dark soil.
Beans, lettuce and radishes are easy for beginners.
Water the roots in the morning, never the leaves at noon.
Snails come at night, so a ring of sand may help.
Compost from leaves and peelings feeds the ground for years.
My neighbour Anna sows her first peas in March.
Marigolds between the rows keep some pests away.
""",
        "小菜园需要阳光和松软的土。 早上浇水比中午好。 豆子和生菜很容易种。",
    ),
    "chess": _topic(
        "train",
        "the game of chess",
        """
Chess is played on a board of 64 squares.
Each side has 16 pieces and moves in turn.
The king is slow, but the game is lost without him.
Good players look for checks, captures and threats on every move.
Castling brings the king to safety and the rook into play.
The first official world champion was Wilhelm Steinitz in 1886.
Beginners should learn simple endings before long openings.
Many clubs meet on Friday evenings and welcome guests.
""",
        "国际象棋的棋盘有六十四格。 双方轮流走棋。 初学者应该先学残局。",
    ),
    "honey": _topic(
        "train",
        "how bees make honey",
        """
A single bee visits about 1500 flowers to fill her stomach once.
Back in the hive, other bees take over the nectar and thicken it.
They fan it with their wings until most of the water is gone.
Ripe honey is sealed under a thin lid of wax.
Clover, lime and heather give honey of very different colours.
A strong hive can store 30 kilograms in a good summer.
Beekeepers leave enough for the winter, or feed sugar instead.
Jars from Greece often taste of thyme.
""",
        "一只蜜蜂要采很多花。 蜜蜂用翅膀扇干花蜜。 不同的花有不同的蜂蜜。",
    ),
    "train": _topic(
        "train",
        "travelling by night train",
        """
A night train saves a hotel and a whole day on the road.
Most sleeping cars have cabins for 2, 4 or 6 people.
Bring water, a warm jumper and something for your ears.
The steward wakes you half an hour before your stop.
From Vienna, trains leave for Rome, Paris and Hamburg.
Book early, because the lower berths sell out first.
Keep your ticket and your passport near your pillow.
At dawn, the hills outside the window are worth getting up for.
""",
        "坐夜车可以省下一晚旅馆。 车厢里有两张或四张床。 早晨窗外的风景很美。",
    ),
    "soap": _topic(
        "train",
        "making soap",
        """
Soap is made from fat, water and lye.
Lye is dangerous, so wear gloves and glasses.
Olive oil gives a mild bar, and coconut oil gives more foam.
Stir the mixture until it is as thick as custard.
Pour it into a mould and cover it with a towel for 24 hours.
Fresh bars should rest on a shelf for at least 4 weeks.
Lavender from Provence is a popular scent.
Old recipes used ash from the stove instead of bought lye.
""",
        "肥皂是用油、水和碱做的。 做肥皂时要戴手套。 新肥皂要放四个星期。",
    ),
    "owl": _topic(
        "train",
        "the barn owl",
        """
The barn owl hunts at night and hears better than it sees.
Its face works like a dish that gathers sound.
Soft feathers let it fly without any noise.
A pair with young may catch 20 mice in one night.
Barn owls nest in church towers, hollow trees and old barns.
They do not hoot; they hiss and scream.
In Scotland, cold winters are hard on them.
A nest box under the roof often helps within 2 years.
""",
        "仓鸮在夜里捕食。 它的羽毛很软，飞的时候没有声音。 它喜欢住在旧谷仓里。",
    ),
    "clock": _topic(
        "train",
        "how a pendulum clock works",
        """
A pendulum swings at a steady pace that depends on its length.
A weight on a chain drives the wheels, and the pendulum holds them back.
Each swing lets one tooth of the wheel escape with a tick.
A pendulum of 1 metre takes about one second for each swing.
Christiaan Huygens built the first such clock in 1656.
Warm weather lengthens the rod, so the clock runs slow.
Raise the bob a little when the clock loses time.
Dust, old oil and a crooked shelf are the usual troubles.
""",
        "钟摆的快慢由长度决定。 重物带动齿轮。 天热的时候钟会走得慢一点。",
    ),
    "market": _topic(
        "train",
        "the Saturday market",
        """
The market opens at 7 and closes when the last crate is empty.
Farmers from the valley sell apples, eggs and young cheese.
Prices fall after noon, but the best fish is gone by then.
A kilo of tomatoes costs about 3 euros in July.
Mrs Lopez has sold flowers at the same corner for 30 years.
Bring a basket, some coins and an empty stomach.
Children like the man who mends knives on a bicycle.
On rainy days, half of the stalls move under the arches.
""",
        "集市早上七点开门。 农民卖苹果、鸡蛋和奶酪。 下午的价格便宜一些。",
    ),
    "volcano": _topic(
        "train",
        "why volcanoes erupt",
        """
Deep under the ground, rock melts and collects in chambers.
The melt is lighter than the rock around it, so it rises.
Gas in it expands like the bubbles in an opened bottle.
Thin lava flows quietly, but thick lava can explode.
Mount Etna in Italy has erupted for half a million years.
Ash from large eruptions may cool the whole Earth by 1 degree.
Scientists watch small quakes, gas and swelling slopes.
The soil around old volcanoes is rich and easy to farm.
""",
        "地下的岩石会熔化。 岩浆比周围的岩石轻，所以会上升。 火山灰让土地变得肥沃。",
    ),
    "swimming": _topic(
        "train",
        "learning to swim as an adult",
        """
Most adults learn to swim in 10 to 20 lessons.
Begin in shallow water where you can always stand.
Breathe out slowly through the nose while your face is under water.
Floating on the back teaches you that the water carries you.
The pool is calm on Monday mornings and crowded on Sundays.
Breaststroke is slow, but you can see where you are going.
A good teacher, warm water and patience matter most.
Maria learned at 61 and now swims in the lake every week.
""",
        "成年人也可以学游泳。 先在浅水里练习。 慢慢呼气很重要。",
    ),
    "map": _topic(
        "train",
        "reading a hiking map",
        """
Lines that lie close together mean a steep slope.
On most maps, 4 centimetres stand for 1 kilometre.
Blue marks water, green marks forest, and brown marks height.
Turn the map until north on paper is north in the field.
Allow an hour for every 4 kilometres, and more when you climb.
A church, a bridge or a bend tells you where you are.
In Norway, red lines show marked summer paths.
Paper needs no battery and survives a fall.
""",
        "等高线很密的地方坡很陡。 蓝色表示水，绿色表示森林。 纸地图不需要电池。",
    ),
    "violin": _topic(
        "train",
        "the violin",
        """
A violin has 4 strings tuned in fifths.
The front is spruce, and the back is usually maple.
The bow is strung with about 150 hairs from a horse.
Rosin makes the hairs grip, so the string begins to sing.
Antonio Stradivari worked in Cremona around 1700.
Small children start on instruments of half or quarter size.
Dry air in winter can crack the wood.
Practise slowly, listen closely and rest your shoulders.
""",
        "小提琴有四根弦。 面板是云杉木做的。 练琴要慢慢来。",
    ),
    "snow": _topic(
        "train",
        "walking safely in deep snow",
        """
Snowshoes spread your weight, so you sink less.
Start early, because the snow grows soft after noon.
Slopes of more than 30 degrees can slide.
Carry water, a warm layer and a lamp.
In the Alps, a bulletin warns of avalanches every evening.
Tell someone where you go and when you will be back.
Fresh snow hides streams, stones and holes.
A group of 3 or 4 is safer than a walker alone.
""",
        "深雪里走路要穿雪鞋。 早点出发比较安全。 要告诉别人你去哪里。",
    ),
    "cheese": _topic(
        "train",
        "how cheese is made",
        """
Cheese begins with warm milk and a little rennet.
The milk sets like jelly and is cut into small grains.
Whey runs off, and the curd is pressed into a mould.
It takes about 10 litres of milk for 1 kilogram of hard cheese.
Salt keeps the wheel firm and gives it taste.
In Switzerland, wheels are turned and brushed in cool cellars.
Young cheese is mild, while old cheese is sharp and crumbly.
Goats, sheep and cows all give good milk for it.
""",
        "做奶酪要先把牛奶加热。 十升牛奶可以做一公斤硬奶酪。 时间越长味道越浓。",
    ),
    "bridge": _topic(
        "train",
        "the stone bridge in the village",
        """
The bridge has 3 arches and no mortar.
Masons from Wales cut every stone by hand in 1794.
Carts, sheep and soldiers have worn two grooves into it.
In the flood of 1953, the water rose above the railing.
Swifts nest in the cracks under the middle arch.
Cars must use the new road since last spring.
On summer evenings, people sit on the warm wall and talk.
A brass plate names the miller who paid for it.
""",
        "村里的石桥有三个桥拱。 石头都是手工切的。 夏天的晚上人们坐在桥上聊天。",
    ),
    "coffee": _topic(
        "train",
        "roasting coffee in a pan",
        """
Green beans smell of hay and feel hard.
Heat them in a heavy pan and keep them moving.
After 6 minutes, the beans turn yellow, then brown.
The first crack sounds like popcorn and marks a light roast.
A dark roast is oily, bitter and low in acid.
Cool the beans quickly in a metal sieve.
Beans from Ethiopia often taste of berries and flowers.
Wait 12 hours before you grind them.
""",
        "绿咖啡豆闻起来像干草。 用平底锅烤的时候要一直翻动。 烤好以后要快点凉下来。",
    ),
    "moon": _topic(
        "train",
        "the phases of the Moon",
        """
The Moon takes 29 and a half days from one new moon to the next.
We always see the same side, because it turns once in each orbit.
A half moon is lit from the side by the Sun.
The full moon rises as the Sun goes down.
Spring tides come with the new moon and the full moon.
Thin crescents, grey light and bright Venus make lovely evenings.
Galileo drew its mountains in 1609.
On the Moon, the sky is black even by day.
""",
        "月亮的周期大约是二十九天半。 我们总是看到月亮的同一面。 满月在日落时升起。",
    ),
    "pottery": _topic(
        "train",
        "throwing a clay bowl",
        """
Press the clay firmly on the middle of the wheel.
Wet hands, straight arms and a calm breath keep it centred.
Open it with both thumbs, then pull the wall up in 3 steps.
A wall of 5 millimetres dries evenly.
Turn the foot when the clay is as hard as leather.
The first firing reaches about 950 degrees.
Glazes from Korea can look like jade.
Nobody keeps the first bowl, except perhaps a proud mother.
""",
        "先把泥放在转盘中间。 手要湿，手臂要直。 第一次烧到九百五十度。",
    ),
    # validation
    "ferry": _topic(
        "validation",
        "the ferry to the island",
        """
The ferry leaves the harbour every 2 hours.
It carries 12 cars, some bicycles and the post.
The crossing takes 45 minutes when the sea is calm.
Captain Olsen greets most of the passengers by name.
Hot soup is sold on the lower deck.
Buy a return ticket, because the island has no office.
Dolphins follow the boat on some mornings in June.
In a storm, the last boat may not sail.
""",
        "渡船每两个小时开一班。 船上可以放十二辆车。 天气不好的时候船不开。",
    ),
    "umbrella": _topic(
        "validation",
        "choosing an umbrella",
        """
A good umbrella has 8 ribs and a strong shaft.
Fibreglass bends in the wind, while cheap steel breaks.
Small ones fit into a bag but turn inside out.
Dry it open, or the cloth will smell.
London has shops that have sold nothing else since 1830.
Bright colours are easy to see in traffic.
A wooden handle feels warm, looks fine and lasts.
Expect to pay 25 euros for one that can be mended.
""",
        "好的雨伞有八根伞骨。 小雨伞容易被风吹坏。 用完以后要打开晾干。",
    ),
    "fox": _topic(
        "validation",
        "foxes in the city",
        """
Foxes have lived in Bristol since the 1930s.
They eat mice, berries and whatever we throw away.
A vixen has 4 or 5 cubs in March.
Most of them sleep under sheds during the day.
They are shy, but they soon learn when the bins are full.
Do not feed them from your hand.
A fence of 2 metres will not stop a hungry fox.
At night, their cries sound almost human.
""",
        "狐狸在城市里也能生活。 它们吃老鼠和果子。 白天它们大多在睡觉。",
    ),
    "candle": _topic(
        "validation",
        "making candles from beeswax",
        """
Melt the wax slowly over hot water.
Beeswax melts at 64 degrees and smells of honey.
Dip the wick, let it cool, and dip it again.
After 20 dips, the candle is as thick as a finger.
A thick candle needs a thick wick.
Trim the wick before you light it.
Monks in Ireland made candles for their churches this way.
Keep children, cats and paper away from the pot.
""",
        "蜂蜡要慢慢加热。 蜡烛要蘸二十次。 点之前先剪烛芯。",
    ),
    "compass": _topic(
        "validation",
        "finding north without a phone",
        """
A compass needle points to magnetic north.
Keep it away from knives, cars and wires.
At noon, a stick throws its shortest shadow towards the pole.
At night, the two outer stars of the Plough point to Polaris.
Moss is a poor guide, whatever people say.
With a watch, halve the angle between the hour hand and 12.
Sailors from China used floating needles 900 years ago.
Check your direction every 15 minutes.
""",
        "指南针指向北方。 晚上可以看北极星。 每十五分钟检查一次方向。",
    ),
    "soup": _topic(
        "validation",
        "cooking vegetable soup",
        """
Fry onions gently before anything else goes in.
Add carrots, leeks and a piece of celery.
A litre of water is enough for 4 people.
Salt late, because the soup thickens as it cooks.
Beans from a tin need only 10 minutes.
In Italy, a rind of Parmesan is cooked in the pot.
Fresh herbs go in at the very end.
It tastes better the next day, and it freezes well.
""",
        "先把洋葱慢慢炒一下。 一升水够四个人喝。 第二天的汤更好喝。",
    ),
    # test
    "windmill": _topic(
        "test",
        "the windmill on the hill",
        """
The windmill still grinds 2 sacks of wheat on a breezy day.
Its sails measure 22 metres from tip to tip.
The miller turns the cap so that the sails face the wind.
Two heavy stones, one of them moving, crush the grain.
Peter Jansen restored the gears between 1998 and 2003.
Flour dust burns easily, so no flame is allowed inside.
Visitors may climb up on the first Sunday of the month.
From the gallery, you see the river, the town and the sea.
""",
        "山上的风车还能磨面。 磨坊工人让风车对着风。 每个月第一个星期天可以参观。",
    ),
    "sourdough": _topic(
        "test",
        "keeping a sourdough starter",
        """
A starter is flour and water full of wild yeast.
Feed it with equal weights of both once a day.
After 7 days, it should double within 6 hours.
In the fridge, it can wait for two weeks.
Grey liquid on top means that it is hungry.
A bakery in San Francisco has kept one since 1849.
Use a glass jar, a loose lid and a wooden spoon.
Spare starter makes fine pancakes.
""",
        "酵头就是面粉和水。 每天要喂一次。 放在冰箱里可以等两个星期。",
    ),
    "tram": _topic(
        "test",
        "riding the tram in Lisbon",
        """
Line 28 climbs the narrow streets of Lisbon.
The yellow cars were built in the 1930s and rattle a lot.
A day ticket costs less than 3 single rides.
Get on at the first stop if you want a seat.
Watch your bag, because the cars are often full.
The brakes squeal, the bell rings, and laundry hangs close by.
Early in the morning, only bakers and nurses ride along.
The whole trip takes about 50 minutes.
""",
        "二十八路电车经过老城的小街。 黄色的电车很旧。 早上人比较少。",
    ),
    "telescope": _topic(
        "test",
        "buying a first telescope",
        """
A wide mirror matters more than a high number on the box.
With 130 millimetres, you can see the rings of Saturn.
A shaky stand spoils every view.
Start with the Moon, then try Jupiter and its 4 bright moons.
Good binoculars cost less and are easier to carry.
Let the tube cool outside for half an hour.
Clubs lend instruments, share maps and answer questions.
City lights hide faint galaxies, so drive to a dark field.
""",
        "第一台望远镜不要太贵。 先看月亮，再看木星。 城市的灯光太亮了。",
    ),
    "otter": _topic(
        "test",
        "the return of the otter",
        """
Otters were gone from this river by 1975.
Clean water, fish and quiet banks brought them back.
An otter eats about 1 kilogram of fish a day.
It leaves tracks, slides and small heaps of scales.
Cubs stay with their mother for a year.
Roads are now the greatest danger, so tunnels are built.
In Denmark, numbers have grown since 1996.
Sit still at dusk and watch for a line of bubbles.
""",
        "河里又有水獭了。 水獭每天吃一公斤鱼。 傍晚的时候可以看到它们。",
    ),
    "kite": _topic(
        "test",
        "building a paper kite",
        """
Two thin sticks of 60 and 90 centimetres make the frame.
Tie them in a cross and run a string around the ends.
Thin paper, strong glue and a steady hand are all you need.
The tail keeps the kite upright in gusts.
In China, kites carried messages over 2000 years ago.
Hold the line loosely until the wind takes over.
Never fly near wires or before a storm.
Red paper looks best against a clear sky.
""",
        "风筝的骨架是两根细木条。 纸要薄，胶水要牢。 不要在电线旁边放风筝。",
    ),
    "salt": _topic(
        "test",
        "how sea salt is harvested",
        """
Sea water is led into wide, shallow ponds.
Sun and wind take the water away within some weeks.
A litre of sea water holds about 35 grams of salt.
Workers rake the crystals into white heaps in August.
The finest flakes float on top and are skimmed by hand.
In Brittany, the clay of the ponds turns the salt grey.
Rain at the wrong moment ruins a harvest.
Herons, stilts and tiny shrimps live between the dams.
""",
        "海水流进浅浅的盐田。 太阳和风把水晒干。 下雨会影响收成。",
    ),
    "attic": _topic(
        "test",
        "insulating an attic",
        """
A house loses up to 25 percent of its heat through the roof.
Wood fibre, wool and cellulose are common materials.
A layer of 30 centimetres is enough in most of Europe.
Seal every gap before the mats go in.
Moist air must not reach the cold side, so a foil is needed.
Wear a mask, long sleeves and glasses.
The Weber family paid 2400 euros and saves 300 a year.
In summer, the rooms below stay cooler too.
""",
        "房子的很多热量从屋顶跑掉。 隔热层要三十厘米厚。 工作的时候要戴口罩。",
    ),
    "orchard": _topic(
        "test",
        "planting an apple orchard",
        """
Apple trees like deep soil and open sky.
Plant them in November, 8 metres apart.
Most kinds need a different kind nearby for pollen.
Young trees want a stake, a guard and plenty of water.
Prune in late winter, when the branches are bare.
Bramley apples cook well, while Cox is best eaten raw.
The first real crop comes after 5 years.
Sheep keep the grass short but may gnaw the bark.
""",
        "苹果树喜欢深厚的土。 十一月种树最好。 五年以后才有好收成。",
    ),
    "radio": _topic(
        "test",
        "listening to short-wave radio",
        """
Short waves bounce off the upper air and travel far.
After sunset, stations from Africa and Asia come in.
A wire of 10 metres in the garden is a fine aerial.
Turn off lamps and chargers, for they hiss and hum.
The BBC still speaks to parts of the world on 9410 kilohertz.
Write down the time, the frequency and what you heard.
Some stations send a card to listeners who report.
Fading, whistles and distant music are part of the charm.
""",
        "短波可以传到很远的地方。 晚上能听到外国的电台。 记下时间和频率。",
    ),
}
"""Topics by name."""
